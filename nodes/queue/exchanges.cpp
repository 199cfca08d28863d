#include "queue/exchanges.hpp"

#include "queue/equivalence.hpp"

#include <algorithm>

namespace chaos::broker {

using amqp::Reply;

namespace {

Refusal missing(const std::string& name) {
  return refuse(Reply::not_found, "no exchange '" + name + "' in vhost '/'");
}
Refusal on_default() { return refuse(Reply::access_refused, "operation not permitted on the default exchange"); }

bool reserved(const std::string& name) { return name.starts_with("amq."); }

}  // namespace

std::optional<ExchangeType> exchange_type(std::string_view text) {
  for (const ExchangeType type : {ExchangeType::direct, ExchangeType::fanout, ExchangeType::topic, ExchangeType::headers}) {
    if (text == word(type)) return type;
  }
  return std::nullopt;
}

std::string_view word(ExchangeType type) {
  switch (type) {
    case ExchangeType::direct: return "direct";
    case ExchangeType::fanout: return "fanout";
    case ExchangeType::topic: return "topic";
    case ExchangeType::headers: break;
  }
  return "headers";
}

Exchanges::Exchanges() {
  using Type = ExchangeType;
  for (const auto& [name, type] : {std::pair("", Type::direct), std::pair("amq.direct", Type::direct),
                                   std::pair("amq.fanout", Type::fanout), std::pair("amq.topic", Type::topic),
                                   std::pair("amq.headers", Type::headers), std::pair("amq.match", Type::headers),
                                   std::pair("amq.rabbitmq.trace", Type::topic)}) {
    ExchangeSpec spec{name, type};
    spec.durable = true;
    spec.internal = spec.name == "amq.rabbitmq.trace";
    exchanges_[name] = {spec, {}, {}};
  }
}

const ExchangeSpec* Exchanges::find(const std::string& name) const {
  const auto at = exchanges_.find(name);
  return at == exchanges_.end() ? nullptr : &at->second.spec;
}

MessageStats* Exchanges::stats(const std::string& name) {
  const auto at = exchanges_.find(name);
  return at == exchanges_.end() ? nullptr : &at->second.stats;
}

void Exchanges::sample(RealTime now) {
  for (auto& [name, exchange] : exchanges_) exchange.stats.sample(now);
}

Outcome Exchanges::declare(const ExchangeSpec& spec, bool passive, bool& made) {
  made = false;
  const ExchangeSpec* there = find(spec.name);
  if (passive) {
    if (there) return {};
    return missing(spec.name);
  }
  if (spec.name.empty()) return on_default();
  if (there) {
    const auto why = inequivalent(spec, *there);
    return why ? Outcome(refuse(Reply::precondition_failed, *why)) : Outcome();
  }
  if (reserved(spec.name)) {
    return refuse(Reply::access_refused, "exchange name '" + spec.name + "' contains reserved prefix 'amq.*'");
  }
  exchanges_[spec.name] = {spec, {}, {}};
  made = true;
  return {};
}

Outcome Exchanges::remove(const std::string& name, bool if_unused, std::vector<std::string>& gone) {
  if (name.empty()) return on_default();
  if (reserved(name)) {
    return refuse(Reply::access_refused, "deletion of system exchange '" + name + "' in vhost '/' not allowed");
  }
  const auto at = exchanges_.find(name);
  if (at == exchanges_.end()) return {};   // as RabbitMQ: deleting what is not there is no error
  if (if_unused && !at->second.bindings.empty()) {
    return refuse(Reply::precondition_failed, "exchange '" + name + "' in vhost '/' in use");
  }
  drop(name, gone);
  return {};
}

void Exchanges::drop(const std::string& name, std::vector<std::string>& gone) {
  const auto at = exchanges_.find(name);
  if (at == exchanges_.end()) return;
  bindings_ -= at->second.bindings.size();
  exchanges_.erase(at);
  gone.push_back(name);
  drop_bindings([&](const Binding& b) { return b.to_exchange && b.destination == name; }, gone);
}

// An auto-delete exchange goes with its last binding, and with it the bindings that lead to it.
template <class Which>
void Exchanges::drop_bindings(Which which, std::vector<std::string>& gone) {
  std::vector<std::string> emptied;
  for (auto& [name, exchange] : exchanges_) {
    const std::size_t count = std::erase_if(exchange.bindings, which);
    bindings_ -= count;
    if (count > 0 && exchange.spec.auto_delete && exchange.bindings.empty()) emptied.push_back(name);
  }
  for (const std::string& name : emptied) drop(name, gone);
}

Outcome Exchanges::bind(const Binding& binding, bool& made) {
  made = false;
  if (binding.exchange.empty() || (binding.to_exchange && binding.destination.empty())) return on_default();
  const auto at = exchanges_.find(binding.exchange);
  if (at == exchanges_.end()) return missing(binding.exchange);
  if (binding.to_exchange && !find(binding.destination)) return missing(binding.destination);
  auto& bindings = at->second.bindings;
  if (std::find(bindings.begin(), bindings.end(), binding) != bindings.end()) return {};
  bindings.push_back(binding);
  ++bindings_;
  made = true;
  return {};
}

Outcome Exchanges::unbind(const Binding& binding, std::vector<std::string>& gone) {
  if (binding.exchange.empty() || (binding.to_exchange && binding.destination.empty())) return on_default();
  drop_bindings([&](const Binding& b) { return b == binding; }, gone);
  return {};
}

std::vector<std::string> Exchanges::queue_removed(const std::string& queue) {
  std::vector<std::string> gone;
  drop_bindings([&](const Binding& b) { return !b.to_exchange && b.destination == queue; }, gone);
  return gone;
}

std::vector<Binding> Exchanges::bindings() const {
  std::vector<Binding> all;
  for (const auto& [name, exchange] : exchanges_) {
    all.insert(all.end(), exchange.bindings.begin(), exchange.bindings.end());
  }
  return all;
}

std::vector<ExchangeSpec> Exchanges::all() const {
  std::vector<ExchangeSpec> specs;
  for (const auto& [name, exchange] : exchanges_) specs.push_back(exchange.spec);
  return specs;
}

}  // namespace chaos::broker
