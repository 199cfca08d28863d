#include "queue/management/management_handlers.hpp"
#include "queue/message_properties.hpp"
#include "wire/base64.hpp"

namespace chaos::broker {

namespace {

constexpr std::int64_t kMostMessages = 10'000;             // of one get
constexpr std::size_t kMostBytes = 16 * 1024 * 1024;       // of their bodies

bool utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xF0 && lead < 0xF5 ? 3 : 4;
    if (more == 4 || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

// Visits each property under its name in the API.
template <class P, class Visit>
void each_text(P& p, Visit visit) {
  visit("content_type", p.content_type);
  visit("content_encoding", p.content_encoding);
  visit("correlation_id", p.correlation_id);
  visit("reply_to", p.reply_to);
  visit("expiration", p.expiration);
  visit("message_id", p.message_id);
  visit("type", p.type);
  visit("user_id", p.user_id);
  visit("app_id", p.app_id);
  visit("cluster_id", p.cluster_id);
}

// A message without properties has an empty list here, as in RabbitMQ.
json::value properties_json(const std::string& raw) {
  const auto p = amqp::decode_properties(raw).value_or(amqp::Properties());
  json::object out;
  each_text(p, [&](const char* name, const std::optional<std::string>& value) {
    if (value) out[name] = *value;
  });
  if (p.headers) out["headers"] = object_of(*p.headers);
  if (p.delivery_mode) out["delivery_mode"] = *p.delivery_mode;
  if (p.priority) out["priority"] = *p.priority;
  if (p.timestamp) out["timestamp"] = *p.timestamp;
  return out.empty() ? json::value(json::array()) : json::value(std::move(out));
}

amqp::Properties properties_of(const json::object& in) {
  amqp::Properties out;
  each_text(out, [&](const char* name, std::optional<std::string>& value) {
    if (in.contains(name)) value = text(in, name);
  });
  if (in.contains("headers")) out.headers = table_of(in.if_contains("headers"));
  if (const auto mode = number(in, "delivery_mode", 0); mode && *mode) out.delivery_mode = static_cast<std::uint8_t>(*mode);
  if (const auto priority = number(in, "priority", -1); priority && *priority >= 0) out.priority = static_cast<std::uint8_t>(*priority);
  if (const auto at = number(in, "timestamp", -1); at && *at >= 0) out.timestamp = static_cast<std::uint64_t>(*at);
  return out;
}

json::object delivery_json(const Delivery& delivery, std::size_t left, bool base64, std::optional<std::int64_t> truncate) {
  const Message& m = *delivery.message;
  std::string_view body = m.body;
  if (truncate && *truncate >= 0) body = body.substr(0, static_cast<std::size_t>(*truncate));
  const bool plain = !base64 && utf8(body);
  return {{"payload_bytes", m.body.size()}, {"redelivered", delivery.ready.redelivered}, {"exchange", m.exchange},
          {"routing_key", m.routing_key}, {"message_count", left}, {"properties", properties_json(m.properties)},
          {"payload", plain ? std::string(body) : base64_encode(body)}, {"payload_encoding", plain ? "string" : "base64"}};
}

// What the body of a call lacks, in RabbitMQ's words; empty: nothing.
std::string missing(const json::object& body, std::initializer_list<std::string_view> keys) {
  std::string out;
  for (const std::string_view key : keys) {
    if (!body.contains(key)) out += (out.empty() ? "[{key_missing," : ",{key_missing,") + std::string(key) + "}";
  }
  return out.empty() ? out : out + "]";
}

}  // namespace

HttpResponse purge_queue(Call& call) {
  QueuePtr queue;
  if (!call.desk.broker.queues().contains(call.args[1])) return not_found();
  if (const Outcome refusal = call.desk.broker.find_queue(call.args[1], 0, queue)) return refused(*refusal);
  queue->purge();
  return no_content();
}

HttpResponse publish_message(Call& call) {
  const std::string lacking = missing(call.body, {"routing_key", "properties", "payload", "payload_encoding"});
  if (!lacking.empty()) return bad_request(lacking);
  const std::string encoding = text(call.body, "payload_encoding");
  auto body = encoding == "base64" ? base64_decode(text(call.body, "payload")) : std::optional(text(call.body, "payload"));
  if (!body || (encoding != "base64" && encoding != "string")) return bad_request("payload_encoding is string or base64");
  const json::object* given = call.body.at("properties").if_object();
  amqp::Properties properties = properties_of(given ? *given : json::object());
  auto message = std::make_shared<Message>();
  Incoming incoming{message};
  bool changed = false;
  Outcome refusal = check_properties(properties, call.user);
  if (!refusal) refusal = take_copies(properties, incoming.copies, changed);
  if (refusal) return refused(*refusal);
  take_properties(properties, *message);
  message->exchange = call.args[1] == "amq.default" ? "" : call.args[1];
  message->routing_key = text(call.body, "routing_key");
  message->properties = amqp::encode_properties(properties);
  message->body = std::move(*body);
  if (properties.headers) incoming.headers = *properties.headers;
  Routed routed;
  refusal = call.desk.broker.publish(incoming, routed);
  if (refusal) return bad_request(std::to_string(static_cast<int>(refusal->code)) + " " + refusal->text);
  call.desk.commits.flush();   // what is answered is on disk
  return found(json::object{{"routed", routed.queues > 0 && !routed.rejected}});
}

// All are taken first, then given back or settled, so that none is got twice.
HttpResponse get_messages(Call& call) {
  if (!call.desk.broker.queues().contains(call.args[1])) return not_found();
  const std::string lacking = missing(call.body, {"count", "ackmode", "encoding"});
  if (!lacking.empty()) return bad_request(lacking);
  const std::string mode = text(call.body, "ackmode");
  const bool requeue = mode == "ack_requeue_true" || mode == "reject_requeue_true";
  if (!requeue && mode != "ack_requeue_false" && mode != "reject_requeue_false") return bad_request("unknown ackmode \"" + mode + "\"");
  const auto count = number(call.body, "count", 1);
  if (!count || *count < 0) return bad_request("count is a number");
  const auto truncate = number(call.body, "truncate", -1);
  QueuePtr queue;
  if (const Outcome refusal = call.desk.broker.find_queue(call.args[1], 0, queue)) return refused(*refusal);
  json::array out;
  std::vector<MessageId> taken;
  std::size_t bytes = 0;
  while (std::ssize(taken) < std::min(*count, kMostMessages) && bytes < kMostBytes) {
    const auto delivery = queue->get(false);
    if (!delivery) break;
    taken.push_back(delivery->ready.message);
    bytes += delivery->message->body.size();
    out.push_back(delivery_json(*delivery, queue->rule().ready(), text(call.body, "encoding") == "base64", truncate));
  }
  for (const MessageId id : taken) {
    if (requeue) {
      queue->requeue(id);
    } else if (mode == "ack_requeue_false") {
      queue->settle(id);
    } else {
      queue->reject(id);
    }
  }
  queue->pump();
  return found(out);
}

}  // namespace chaos::broker
