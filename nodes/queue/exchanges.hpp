// Exchanges, bindings and routing (specification sections 2.1.5 and 3.1.3). Pure; queues are names here.
#pragma once

#include "queue/refusal.hpp"
#include "wire/amqp_table.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::broker {

enum class ExchangeType { direct, fanout };
std::optional<ExchangeType> exchange_type(std::string_view word);
std::string_view word(ExchangeType type);

struct ExchangeSpec {
  std::string name;
  ExchangeType type = ExchangeType::direct;
  bool durable = false;
  bool auto_delete = false;      // goes with its last binding
  bool internal = false;         // clients may not publish to it
  amqp::Table arguments;
  bool operator==(const ExchangeSpec&) const = default;
};

struct Binding {
  std::string exchange;
  std::string queue;
  std::string routing_key;
  bool operator==(const Binding&) const = default;
};

/// Has the predeclared ones from the start: the default exchange "", amq.direct and amq.fanout. The default exchange
/// routes to the queue that the routing key names; it has no bindings.
class Exchanges {
 public:
  Exchanges();
  const ExchangeSpec* find(const std::string& name) const;
  /// not_found for a passive miss, precondition_failed for an inequivalent redeclaration, access_refused for the
  /// default exchange and reserved names. `made`: it is new.
  Outcome declare(const ExchangeSpec& spec, bool passive, bool& made);
  Outcome remove(const std::string& name, bool if_unused);
  /// `made`: it is new (binding twice is no error).
  Outcome bind(const Binding& binding, bool& made);
  /// Removes it if it is there; `gone`: the exchange went with it (auto-delete).
  Outcome unbind(const Binding& binding, bool& gone);
  /// Its bindings go. Returns the exchanges that went with them.
  std::vector<std::string> queue_removed(const std::string& queue);

  /// Queue names without doubles. nullopt: no such exchange. access_refused for an internal one is the caller's.
  std::optional<std::vector<std::string>> route(const std::string& exchange, const std::string& routing_key) const;
  std::vector<Binding> bindings() const;
  std::vector<ExchangeSpec> all() const;

 private:
  struct Exchange {
    ExchangeSpec spec;
    std::vector<Binding> bindings;
  };
  std::map<std::string, Exchange, std::less<>> exchanges_;
};

}  // namespace chaos::broker
