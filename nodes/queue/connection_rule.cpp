#include "queue/connection_rule.hpp"

namespace chaos::broker {

using namespace amqp;

Method ConnectionRule::start() const {
  ConnectionStart start;
  const Table capabilities{{"publisher_confirms", {true}},     {"exchange_exchange_bindings", {true}},
                           {"basic.nack", {true}},             {"consumer_cancel_notify", {true}},
                           {"connection.blocked", {true}},     {"consumer_priorities", {true}},
                           {"per_consumer_qos", {true}},       {"authentication_failure_close", {true}}};
  start.server_properties = {{"product", {std::string("chaoslab queue")}}, {"platform", {std::string("C++")}},
                             {"version", {std::string(kSpeaksAs)}}, {"capabilities", {capabilities}}};
  start.mechanisms.text = "AMQPLAIN PLAIN";
  start.locales.text = "en_US";
  return start;
}

Outcome ConnectionRule::on(const Method& method, std::vector<Method>& out) {
  if (std::holds_alternative<ConnectionClose>(method)) {
    stage_ = Stage::closed;
    out.emplace_back(ConnectionCloseOk{});
    return {};
  }
  if (std::holds_alternative<ConnectionCloseOk>(method) && stage_ == Stage::closing) {
    stage_ = Stage::closed;
    return {};
  }
  if (stage_ == Stage::closing || stage_ == Stage::closed) return {};
  if (const auto* m = std::get_if<ConnectionStartOk>(&method); m && stage_ == Stage::start_ok) return on_start_ok(*m, out);
  if (const auto* m = std::get_if<ConnectionTuneOk>(&method); m && stage_ == Stage::tune_ok) return on_tune_ok(*m);
  if (const auto* m = std::get_if<ConnectionOpen>(&method); m && stage_ == Stage::open_wait) return on_open(*m, out);
  return refuse(Reply::command_invalid, "not a method for channel 0 at this point");
}

Outcome ConnectionRule::on_start_ok(const ConnectionStartOk& method, std::vector<Method>& out) {
  client_properties_ = method.client_properties;
  mechanism_ = method.mechanism;
  if (mechanism_ != "PLAIN" && mechanism_ != "AMQPLAIN") {
    return refuse(Reply::command_invalid, "unknown authentication mechanism '" + mechanism_ + "'");
  }
  const auto credentials = read_credentials(mechanism_, method.response.text);
  if (!credentials || !users_.accept(credentials->name, credentials->password)) {
    return Refusal{Reply::access_refused, "ACCESS_REFUSED - Login was refused using authentication mechanism " + mechanism_ +
                                              ". For details see the broker logfile.", Closes::connection};
  }
  user_ = credentials->name;
  stage_ = Stage::tune_ok;
  ConnectionTune tune;
  tune.channel_max = tuning_.channel_max;
  tune.frame_max = tuning_.frame_max;
  tune.heartbeat = tuning_.heartbeat;
  out.emplace_back(tune);
  return {};
}

// The client may only lower the limits; zero means that it sets none of its own. The heartbeat is the client's say.
Outcome ConnectionRule::on_tune_ok(const ConnectionTuneOk& method) {
  if (method.frame_max > tuning_.frame_max || (method.frame_max != 0 && method.frame_max < kFrameMinSize)) {
    return refuse(Reply::not_allowed, "negotiated frame_max = " + std::to_string(method.frame_max) + " is not within " +
                                          std::to_string(kFrameMinSize) + " to " + std::to_string(tuning_.frame_max));
  }
  if (method.channel_max > tuning_.channel_max) {
    return refuse(Reply::not_allowed, "negotiated channel_max = " + std::to_string(method.channel_max) +
                                          " is higher than the maximum allowed, " + std::to_string(tuning_.channel_max));
  }
  if (method.frame_max != 0) tuning_.frame_max = method.frame_max;
  if (method.channel_max != 0) tuning_.channel_max = method.channel_max;
  tuning_.heartbeat = method.heartbeat;
  stage_ = Stage::open_wait;
  return {};
}

Outcome ConnectionRule::on_open(const ConnectionOpen& method, std::vector<Method>& out) {
  if (method.virtual_host != "/") return refuse(Reply::not_allowed, "vhost " + method.virtual_host + " not found");
  stage_ = Stage::open;
  out.emplace_back(ConnectionOpenOk{});
  return {};
}

std::string_view ConnectionRule::state() const {
  switch (stage_) {
    case Stage::start_ok: return "starting";
    case Stage::tune_ok: return "tuning";
    case Stage::open_wait: return "opening";
    case Stage::open: return "running";
    case Stage::closing: return "closing";
    case Stage::closed: break;
  }
  return "closed";
}

bool ConnectionRule::client_can(std::string_view capability) const {
  const Value* all = find(client_properties_, "capabilities");
  const auto* table = all ? std::get_if<Table>(&all->data) : nullptr;
  const Value* one = table ? find(*table, capability) : nullptr;
  const bool* flag = one ? std::get_if<bool>(&one->data) : nullptr;
  return flag && *flag;
}

}  // namespace chaos::broker
