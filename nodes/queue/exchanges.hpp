// Exchanges, bindings and routing (specification sections 2.1.5 and 3.1.3, RabbitMQ's exchange-to-exchange bindings and
// alternate exchanges). Pure; queues are names here.
#pragma once

#include "queue/message_stats.hpp"
#include "queue/refusal.hpp"
#include "wire/amqp_table.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::broker {

enum class ExchangeType { direct, fanout, topic, headers };
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
  std::string exchange;          // the source
  std::string destination;       // a queue, or an exchange
  std::string routing_key;
  amqp::Table arguments;
  bool to_exchange = false;
  bool operator==(const Binding&) const = default;
};

/// What routing looks at.
struct RoutingInput {
  const std::string& routing_key;
  const amqp::Table& headers;
};

/// Has the predeclared ones from the start: the default exchange "" and RabbitMQ's amq.*. The default exchange routes
/// to the queue that the routing key names; its bindings are not kept here.
class Exchanges {
 public:
  Exchanges();
  const ExchangeSpec* find(const std::string& name) const;
  /// not_found for a passive miss, precondition_failed for an inequivalent redeclaration, access_refused for the
  /// default exchange and reserved names. `made`: it is new.
  Outcome declare(const ExchangeSpec& spec, bool passive, bool& made);
  /// `gone`: it and every auto-delete exchange that went with it.
  Outcome remove(const std::string& name, bool if_unused, std::vector<std::string>& gone);
  /// `made`: it is new (binding twice is no error). That a destination queue exists is the caller's.
  Outcome bind(const Binding& binding, bool& made);
  /// Removes it if it is there; `gone`: the exchanges that went with it (auto-delete).
  Outcome unbind(const Binding& binding, std::vector<std::string>& gone);
  /// Its bindings go. Returns the exchanges that went with them.
  std::vector<std::string> queue_removed(const std::string& queue);

  /// Queue names without doubles; counts in publish_out of the exchanges are the caller's. nullopt: no such exchange.
  std::optional<std::vector<std::string>> route(const std::string& exchange, RoutingInput input) const;
  std::vector<Binding> bindings() const;
  std::vector<ExchangeSpec> all() const;
  std::size_t binding_count() const { return bindings_; }
  /// publish_in and publish_out; null: no such exchange.
  MessageStats* stats(const std::string& name);
  void sample(RealTime now);

 private:
  struct Exchange {
    ExchangeSpec spec;
    std::vector<Binding> bindings;
    MessageStats stats;
  };
  struct Search;
  void visit(const std::string& name, Search& search) const;
  void drop(const std::string& name, std::vector<std::string>& gone);
  template <class Which>
  void drop_bindings(Which which, std::vector<std::string>& gone);

  std::map<std::string, Exchange, std::less<>> exchanges_;
  std::size_t bindings_ = 0;
};

}  // namespace chaos::broker
