#include "queue/queue_spec.hpp"

#include "queue/equivalence.hpp"

namespace chaos::broker {

using amqp::Reply;

namespace {

constexpr std::int64_t kMostMs = 0xFFFFFFFF;    // RabbitMQ's MAX_EXPIRY_TIMER

using Read = std::function<std::string(const amqp::Value&, QueueLimits&)>;   // what is wrong with it

std::string integer(const amqp::Value& value, std::int64_t& out) {
  const auto* number = std::get_if<std::int64_t>(&value.data);
  if (!number) return "\"expected integer, got " + std::string(type_name(value)) + "\"";
  out = *number;
  return out < 0 ? "{value_negative," + std::to_string(out) + "}" : std::string();
}

std::string duration(const amqp::Value& value, std::optional<LabDuration>& out) {
  std::int64_t ms = 0;
  if (std::string wrong = integer(value, ms); !wrong.empty()) return wrong;
  if (ms > kMostMs) return "{value_too_large," + std::to_string(ms) + "}";
  out = LabDuration{ms * 1000};
  return {};
}

std::string length(const amqp::Value& value, std::optional<std::uint64_t>& out) {
  std::int64_t number = 0;
  if (std::string wrong = integer(value, number); !wrong.empty()) return wrong;
  out = static_cast<std::uint64_t>(number);
  return {};
}

std::string text(const amqp::Value& value, std::optional<std::string>& out) {
  const auto* string = std::get_if<std::string>(&value.data);
  if (!string) return "{unacceptable_type," + std::string(type_name(value)) + "}";
  out = *string;
  return {};
}

std::string expires(const amqp::Value& value, QueueLimits& out) {
  if (std::string wrong = duration(value, out.expires); !wrong.empty()) return wrong;
  return out.expires->us == 0 ? "{value_zero,0}" : std::string();
}

std::string overflow(const amqp::Value& value, QueueLimits& out) {
  std::optional<std::string> word;
  if (std::string wrong = text(value, word); !wrong.empty()) return wrong;
  if (*word == "drop-head") return {};
  out.overflow = *word == "reject-publish" ? Overflow::reject_publish : Overflow::reject_publish_dlx;
  return *word == "reject-publish" || *word == "reject-publish-dlx" ? std::string() : "invalid_overflow";
}

std::string priority(const amqp::Value& value, QueueLimits& out) {
  std::int64_t number = 0;
  if (std::string wrong = integer(value, number); !wrong.empty()) return wrong;
  if (number > 255) return "{max_value_exceeded," + std::to_string(number) + "}";
  out.max_priority = static_cast<std::uint8_t>(number);
  return {};
}

std::string single(const amqp::Value& value, QueueLimits& out) {
  const bool* flag = std::get_if<bool>(&value.data);
  if (!flag) return "{unacceptable_type," + std::string(type_name(value)) + "}";
  out.single_active_consumer = *flag;
  return {};
}

std::string mode(const amqp::Value& value, QueueLimits&) {   // where RabbitMQ keeps messages; here it is memory and disk at once
  std::optional<std::string> word;
  if (std::string wrong = text(value, word); !wrong.empty()) return wrong;
  return *word == "default" || *word == "lazy" ? std::string() : "\"unsupported queue mode '" + *word + "'\"";
}

std::string version(const amqp::Value& value, QueueLimits&) {
  std::int64_t number = 0;
  if (std::string wrong = integer(value, number); !wrong.empty()) return wrong;
  return number == 1 || number == 2 ? std::string() : "\"unsupported queue version '" + std::to_string(number) + "'\"";
}

std::string classic(const amqp::Value& value, QueueLimits&) {
  std::optional<std::string> word;
  if (std::string wrong = text(value, word); !wrong.empty()) return wrong;
  return *word == "classic" ? std::string() : "\"only classic queues are here, not '" + *word + "'\"";
}

std::string of_others(const amqp::Value&, QueueLimits&) { return " of queue type rabbit_classic_queue"; }

const std::vector<std::pair<std::string_view, Read>>& readers() {
  static const std::vector<std::pair<std::string_view, Read>> all{
      {"x-message-ttl", [](const auto& v, QueueLimits& out) { return duration(v, out.message_ttl); }},
      {"x-expires", expires},
      {"x-max-length", [](const auto& v, QueueLimits& out) { return length(v, out.max_length); }},
      {"x-max-length-bytes", [](const auto& v, QueueLimits& out) { return length(v, out.max_length_bytes); }},
      {"x-overflow", overflow},
      {"x-dead-letter-exchange", [](const auto& v, QueueLimits& out) { return text(v, out.dead_letter_exchange); }},
      {"x-dead-letter-routing-key", [](const auto& v, QueueLimits& out) { return text(v, out.dead_letter_routing_key); }},
      {"x-max-priority", priority}, {"x-single-active-consumer", single}, {"x-queue-mode", mode}, {"x-queue-version", version},
      {"x-queue-type", classic}, {"x-max-age", of_others}, {"x-delivery-limit", of_others}, {"x-max-in-memory-length", of_others},
      {"x-max-in-memory-bytes", of_others}, {"x-quorum-initial-group-size", of_others}, {"x-stream-max-segment-size-bytes", of_others}};
  return all;
}

Refusal invalid(const QueueSpec& spec, std::string_view argument, const std::string& why) {
  return refuse(Reply::precondition_failed, "invalid arg '" + std::string(argument) + "' for queue '" + spec.name + "' in vhost '/'" +
                                            (why.starts_with(' ') ? why : ": " + why));
}

}  // namespace

Outcome read_limits(const QueueSpec& spec, QueueLimits& out) {
  for (const auto& [name, read] : readers()) {
    const amqp::Value* value = amqp::find(spec.arguments, name);
    const std::string wrong = value ? read(*value, out) : std::string();
    if (!wrong.empty()) return invalid(spec, name, wrong);
  }
  if (out.dead_letter_routing_key && !out.dead_letter_exchange) {
    return invalid(spec, "x-dead-letter-routing-key", "routing_key_but_no_dlx_defined");
  }
  return {};
}

}  // namespace chaos::broker
