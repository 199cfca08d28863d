#include "queue/session.hpp"

#include "runtime/ports.hpp"

#include <cstdlib>

namespace chaos::broker {

using namespace amqp;

void Session::send_off() {
  last_method_ = {};
  if (!rule_.tuned()) return stream_->close();
  if (!rule_.is_closing() && !rule_.closed()) leave(refuse(Reply::connection_forced, "broker is shutting down"));
  stream_->expires_at(leave_by_);
}

void Session::close_by_operator(const std::string& reason) {
  last_method_ = {};
  if (!rule_.tuned()) return stream_->close();
  close_connection(refuse(Reply::connection_forced, reason));
  stream_->expires_at(leave_by_);
}

void Session::login(bool accepted) {
  BrokerMetrics& metrics = host_.broker.metrics();
  (accepted ? metrics.logins : metrics.logins_failed).Increment();
}

// As a broker's log tells how a client went, when it did not say goodbye.
void Session::lost(ErrorCode why) {
  if (!rule_.open()) return;
  if (why == Errc::timeout) {
    host_.log.warn("missed_heartbeats", name_, "missed heartbeats from client, timeout: " + std::to_string(rule_.tuning().heartbeat) + "s");
  } else if (stream_->is_open()) {
    host_.log.warn("connection_lost", name_, "client unexpectedly closed TCP connection");
  }
}

ConnectionView Session::view() const {
  ConnectionView view;
  const auto colon = peer_.rfind(':');
  view.id = id_;
  view.peer_host = peer_.substr(0, colon);
  view.peer_port = colon == std::string::npos ? 0 : static_cast<unsigned short>(std::atoi(peer_.c_str() + colon + 1));
  view.host = local_;
  view.port = ports::kAmqp;
  view.user = rule_.user();
  view.mechanism = rule_.mechanism();
  view.state = blocked_ ? "blocked" : rule_.state();
  view.channel_max = rule_.tuning().channel_max;
  view.frame_max = rule_.tuning().frame_max;
  view.heartbeat = rule_.tuning().heartbeat;
  view.pending = outbox_.size();
  view.connected_at = connected_at_;
  view.client_properties = rule_.client_properties();
  view.traffic = traffic_;
  for (const auto& [number, channel] : channels_) view.channels.push_back(channel->view());
  return view;
}

void Session::sample(RealTime now) {
  traffic_.sample(now);
  for (const auto& [number, channel] : channels_) channel->sample(now);
}

void Session::end() noexcept {
  ended_ = true;
  outbox_.filled().notify_one();
  host_.broker.metrics().channels.Decrement(static_cast<double>(channels_.size()));
  host_.broker.metrics().channels_closed.Increment(static_cast<double>(channels_.size()));
  for (const auto& [number, channel] : channels_) guarded([&] { channel->shut(); });
  channels_.clear();
  guarded([&] { host_.broker.session_ended(id_); });
}

// What the store could not take is lost with the queue that goes away anyhow.
void Session::guarded(const std::function<void()>& step) noexcept {
  try {
    step();
  } catch (const std::exception& e) {
    host_.ctx.log.error("operation_failed", {{"error", std::string(e.what())}});
  }
}

}  // namespace chaos::broker
