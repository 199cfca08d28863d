#include "queue/exchanges.hpp"

#include <algorithm>

namespace chaos::broker {

using amqp::Reply;

namespace {

Refusal missing(const std::string& name) {
  return refuse(Reply::not_found, "no exchange '" + name + "' in vhost '/'");
}

bool reserved(const std::string& name) { return name.starts_with("amq."); }

}  // namespace

std::optional<ExchangeType> exchange_type(std::string_view text) {
  if (text == "direct") return ExchangeType::direct;
  if (text == "fanout") return ExchangeType::fanout;
  return std::nullopt;
}

std::string_view word(ExchangeType type) { return type == ExchangeType::direct ? "direct" : "fanout"; }

Exchanges::Exchanges() {
  for (const auto& [name, type] : {std::pair("", ExchangeType::direct), std::pair("amq.direct", ExchangeType::direct),
                                   std::pair("amq.fanout", ExchangeType::fanout)}) {
    ExchangeSpec spec{name, type};
    spec.durable = true;
    exchanges_[name] = {spec, {}};
  }
}

const ExchangeSpec* Exchanges::find(const std::string& name) const {
  const auto at = exchanges_.find(name);
  return at == exchanges_.end() ? nullptr : &at->second.spec;
}

Outcome Exchanges::declare(const ExchangeSpec& spec, bool passive, bool& made) {
  made = false;
  const ExchangeSpec* there = find(spec.name);
  if (passive) {
    if (there) return {};
    return missing(spec.name);
  }
  if (spec.name.empty()) return refuse(Reply::access_refused, "operation not permitted on the default exchange");
  if (there && *there == spec) return {};
  if (there) return refuse(Reply::precondition_failed, "inequivalent arg for exchange '" + spec.name + "' in vhost '/'");
  if (reserved(spec.name)) {
    return refuse(Reply::access_refused, "exchange name '" + spec.name + "' contains reserved prefix 'amq.*'");
  }
  exchanges_[spec.name] = {spec, {}};
  made = true;
  return {};
}

Outcome Exchanges::remove(const std::string& name, bool if_unused) {
  if (name.empty() || reserved(name)) {
    return refuse(Reply::access_refused, "exchange '" + name + "' is predeclared and cannot be deleted");
  }
  const auto at = exchanges_.find(name);
  if (at == exchanges_.end()) return {};   // as RabbitMQ: deleting what is not there is no error
  if (if_unused && !at->second.bindings.empty()) {
    return refuse(Reply::precondition_failed, "exchange '" + name + "' in vhost '/' in use");
  }
  exchanges_.erase(at);
  return {};
}

Outcome Exchanges::bind(const Binding& binding, bool& made) {
  made = false;
  if (binding.exchange.empty()) return refuse(Reply::access_refused, "operation not permitted on the default exchange");
  const auto at = exchanges_.find(binding.exchange);
  if (at == exchanges_.end()) return missing(binding.exchange);
  auto& bindings = at->second.bindings;
  if (std::find(bindings.begin(), bindings.end(), binding) != bindings.end()) return {};
  bindings.push_back(binding);
  made = true;
  return {};
}

Outcome Exchanges::unbind(const Binding& binding, bool& gone) {
  gone = false;
  if (binding.exchange.empty()) return refuse(Reply::access_refused, "operation not permitted on the default exchange");
  const auto at = exchanges_.find(binding.exchange);
  if (at == exchanges_.end()) return missing(binding.exchange);
  const bool was_there = std::erase(at->second.bindings, binding) > 0;
  gone = was_there && at->second.spec.auto_delete && at->second.bindings.empty();
  if (gone) exchanges_.erase(at);
  return {};
}

std::vector<std::string> Exchanges::queue_removed(const std::string& queue) {
  std::vector<std::string> gone;
  for (auto& [name, exchange] : exchanges_) {
    const auto count = std::erase_if(exchange.bindings, [&](const Binding& b) { return b.queue == queue; });
    if (count > 0 && exchange.spec.auto_delete && exchange.bindings.empty()) gone.push_back(name);
  }
  for (const std::string& name : gone) exchanges_.erase(name);
  return gone;
}

std::optional<std::vector<std::string>> Exchanges::route(const std::string& exchange,
                                                         const std::string& routing_key) const {
  if (exchange.empty()) return std::vector<std::string>{routing_key};
  const auto at = exchanges_.find(exchange);
  if (at == exchanges_.end()) return std::nullopt;
  std::vector<std::string> queues;
  for (const Binding& b : at->second.bindings) {
    const bool matches = at->second.spec.type == ExchangeType::fanout || b.routing_key == routing_key;
    const bool known = std::find(queues.begin(), queues.end(), b.queue) != queues.end();
    if (matches && !known) queues.push_back(b.queue);
  }
  return queues;
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
