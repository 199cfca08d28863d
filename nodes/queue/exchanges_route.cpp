#include "queue/exchanges.hpp"
#include "queue/routing.hpp"

#include <set>
#include <unordered_set>

namespace chaos::broker {

namespace {

bool takes(ExchangeType type, const Binding& binding, RoutingInput input) {
  switch (type) {
    case ExchangeType::direct: return binding.routing_key == input.routing_key;
    case ExchangeType::fanout: return true;
    case ExchangeType::topic: return topic_matches(binding.routing_key, input.routing_key);
    case ExchangeType::headers: break;
  }
  return headers_match(binding.arguments, input.headers);
}

const std::string* alternate(const ExchangeSpec& spec) {
  const amqp::Value* value = amqp::find(spec.arguments, "alternate-exchange");
  return value ? std::get_if<std::string>(&value->data) : nullptr;
}

}  // namespace

// One way of a message through exchanges that are bound to each other.
struct Exchanges::Search {
  RoutingInput input;
  std::set<std::string> exchanges;            // seen already
  std::vector<std::string> waiting;           // to be looked at
  std::unordered_set<std::string> known;
  std::vector<std::string> queues;

  void queue(const std::string& name) {
    if (known.insert(name).second) queues.push_back(name);
  }
};

// An exchange none of whose bindings takes the message hands it to its alternate exchange.
void Exchanges::visit(const std::string& name, Search& search) const {
  if (!search.exchanges.insert(name).second) return;
  if (name.empty()) return search.queue(search.input.routing_key);
  const auto at = exchanges_.find(name);
  if (at == exchanges_.end()) return;
  bool taken = false;
  for (const Binding& b : at->second.bindings) {
    if (!takes(at->second.spec.type, b, search.input)) continue;
    taken = true;
    if (b.to_exchange) {
      search.waiting.push_back(b.destination);
    } else {
      search.queue(b.destination);
    }
  }
  const std::string* other = taken ? nullptr : alternate(at->second.spec);
  if (other) search.waiting.push_back(*other);
}

std::optional<std::vector<std::string>> Exchanges::route(const std::string& exchange, RoutingInput input) const {
  if (!exchange.empty() && !find(exchange)) return std::nullopt;
  Search search{input, {}, {exchange}, {}, {}};
  while (!search.waiting.empty()) {
    const std::string next = std::move(search.waiting.back());
    search.waiting.pop_back();
    visit(next, search);
  }
  return std::move(search.queues);
}

}  // namespace chaos::broker
