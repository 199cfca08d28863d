#include "queue/equivalence.hpp"

#include "queue/exchanges.hpp"
#include "queue/queue_spec.hpp"

#include <fmt/format.h>

namespace chaos::broker {

namespace {

constexpr std::string_view kQueueArguments[] = {
    "x-expires", "x-message-ttl", "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-max-length", "x-max-length-bytes",
    "x-max-priority", "x-overflow", "x-queue-mode", "x-queue-version", "x-single-active-consumer", "x-queue-type"};

// What differs, and how; empty: nothing.
struct Difference {
  std::string_view argument;
  std::string how;
};

void flag(Difference& out, std::string_view argument, bool received, bool current) {
  if (out.how.empty() && received != current) out = {argument, fmt::format("received '{}' but current is '{}'", received, current)};
}

std::string show(const amqp::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  if (const auto* real = std::get_if<double>(&value.data)) return fmt::format("{}", *real);
  return "?";
}

std::string with_type(const amqp::Value* value) {
  return value ? fmt::format("the value '{}' of type '{}'", show(*value), type_name(*value)) : "none";
}

void argument(Difference& out, std::string_view name, const amqp::Table& received, const amqp::Table& current) {
  const amqp::Value* a = amqp::find(received, name);
  const amqp::Value* b = amqp::find(current, name);
  if (!out.how.empty() || (!a && !b) || (a && b && *a == *b)) return;
  const bool alike = a && b && a->data.index() == b->data.index();
  out = {name, alike ? fmt::format("received '{}' but current is '{}'", show(*a), show(*b))
                     : fmt::format("received {} but current is {}", with_type(a), with_type(b))};
}

std::optional<std::string> told(const Difference& difference, std::string_view kind, const std::string& name) {
  if (difference.how.empty()) return std::nullopt;
  return fmt::format("inequivalent arg '{}' for {} '{}' in vhost '/': {}", difference.argument, kind, name, difference.how);
}

std::string_view integer_name(char letter) {
  switch (letter) {
    case 'b': return "byte";
    case 'B': return "unsignedbyte";
    case 's': return "short";
    case 'u': return "unsignedshort";
    case 'I': return "signedint";
    case 'i': return "unsignedint";
    case 'T': return "timestamp";
    default: return "long";
  }
}

}  // namespace

std::string_view type_name(const amqp::Value& value) {
  switch (value.data.index()) {
    case 0: return "void";
    case 1: return "bool";
    case 2: return integer_name(value.letter);
    case 3: return value.letter == 'f' ? "float" : "double";
    case 4: return value.letter == 'x' ? "binary" : "longstr";
    case 5: return "table";
    default: return "array";
  }
}

std::optional<std::string> inequivalent(const ExchangeSpec& received, const ExchangeSpec& current) {
  Difference found;
  if (received.type != current.type) {
    found = {"type", fmt::format("received '{}' but current is '{}'", word(received.type), word(current.type))};
  }
  flag(found, "durable", received.durable, current.durable);
  flag(found, "auto_delete", received.auto_delete, current.auto_delete);
  flag(found, "internal", received.internal, current.internal);
  argument(found, "alternate-exchange", received.arguments, current.arguments);
  return told(found, "exchange", current.name);
}

std::optional<std::string> inequivalent(const QueueSpec& received, const QueueSpec& current) {
  Difference found;
  flag(found, "durable", received.durable, current.durable);
  flag(found, "auto_delete", received.auto_delete, current.auto_delete);
  for (const std::string_view name : kQueueArguments) argument(found, name, received.arguments, current.arguments);
  return told(found, "queue", current.name);
}

}  // namespace chaos::broker
