#include "queue/session.hpp"

namespace chaos::broker {

using namespace amqp;

namespace {

constexpr double kMaxChannels = 16384;               // of all connections; each keeps some KB of counters
constexpr std::size_t kMaxHeld = 16 * 1024 * 1024;   // of messages that are not whole yet, over all channels
constexpr std::chrono::seconds kLeave{2};

}  // namespace

Outcome Session::on_frame(const Frame& frame, std::shared_ptr<Channel>& publisher) {
  if (frame.type == FrameType::heartbeat) return {};
  try {
    if (frame.channel == 0) return on_connection_frame(frame);
    if (rule_.is_closing() || rule_.closed()) return {};
    if (!rule_.open()) return refuse(Reply::command_invalid, "the connection is not open");
    return on_channel_frame(frame, publisher);
  } catch (const std::exception& e) {   // the store could not be read or written
    host_.ctx.log.error("operation_failed", {{"error", std::string(e.what())}});
    return refuse(Reply::internal_error, "the message store failed");
  }
}

Outcome Session::decode(const Frame& frame, Method& method) {
  last_method_ = method_id(frame.payload).value_or(MethodId{});
  switch (decode_method(frame.payload, method)) {
    case Decoded::ok: return {};
    case Decoded::unknown: return refuse(Reply::not_implemented, "unknown class or method");
    case Decoded::malformed: break;
  }
  return refuse(Reply::syntax_error, "malformed method");
}

Outcome Session::on_connection_frame(const Frame& frame) {
  if (frame.type != FrameType::method) return refuse(Reply::unexpected_frame, "content on channel 0");
  Method method;
  if (Outcome refused = decode(frame, method)) return refused;
  std::vector<Method> answers;
  const bool logs_in = std::holds_alternative<ConnectionStartOk>(method);
  const Outcome refused = rule_.on(method, answers);
  if (logs_in) login(!refused);
  if (refused) return refused;
  for (const Method& answer : answers) outbox_.method(0, answer);
  if (rule_.tuned()) {
    decoder_.set_frame_max(rule_.tuning().frame_max);
    outbox_.set_frame_max(rule_.tuning().frame_max);
  }
  return {};
}

Outcome Session::on_channel_frame(const Frame& frame, std::shared_ptr<Channel>& publisher) {
  const auto at = channels_.find(frame.channel);
  if (at == channels_.end()) return on_closed_channel(frame);
  const std::shared_ptr<Channel> channel = at->second;
  if (frame.type != FrameType::method) return on_content_frame(frame, channel, publisher);
  if (channel->in_content()) return refuse(Reply::unexpected_frame, "expected content, got a method");
  Method method;
  if (Outcome refused = decode(frame, method)) return refused;
  if (std::holds_alternative<ChannelOpen>(method)) return refuse(Reply::channel_error, "second 'channel.open' seen");
  if (std::holds_alternative<ChannelClose>(method)) {
    channel->shut();
    channels_.erase(frame.channel);
    host_.broker.metrics().channels.Decrement();
    host_.broker.metrics().channels_closed.Increment();
    outbox_.method(frame.channel, ChannelCloseOk{});
    return {};
  }
  return channel->on_method(method);
}

Outcome Session::on_content_frame(const Frame& frame, const std::shared_ptr<Channel>& channel,
                                  std::shared_ptr<Channel>& publisher) {
  last_method_ = BasicPublish::kId;
  const bool header = frame.type == FrameType::header;
  if (Outcome refused = header ? channel->on_header(frame.payload) : channel->on_body(frame.payload)) return refused;
  publisher = channel;
  std::size_t held = 0;
  for (const auto& [number, one] : channels_) held += one->held();
  if (held > kMaxHeld) return refuse(Reply::resource_error, "too much content under way");
  return {};
}

// A channel that is not open: opened now, or closed by us with frames of the client still under way.
Outcome Session::on_closed_channel(const Frame& frame) {
  const bool closing = closing_.contains(frame.channel);
  if (closing && frame.type != FrameType::method) return {};
  if (frame.type != FrameType::method) return refuse(Reply::channel_error, "content on a channel that is not open");
  Method method;
  const Outcome malformed = decode(frame, method);
  if (closing) {
    if (std::holds_alternative<ChannelClose>(method)) outbox_.method(frame.channel, ChannelCloseOk{});
    if (std::holds_alternative<ChannelCloseOk>(method) || std::holds_alternative<ChannelClose>(method)) closing_.erase(frame.channel);
    return {};
  }
  if (malformed) return malformed;
  if (!std::holds_alternative<ChannelOpen>(method)) return refuse(Reply::channel_error, "expected 'channel.open'");
  return open_channel(frame.channel);
}

Outcome Session::open_channel(std::uint16_t number) {
  if (number > rule_.tuning().channel_max) {
    return refuse(Reply::not_allowed, "channel number " + std::to_string(number) + " is over the negotiated maximum");
  }
  if (host_.broker.metrics().channels.Value() >= kMaxChannels) return refuse(Reply::resource_error, "too many channels on this node");
  const ChannelHost host{host_.broker, host_.commits, outbox_, gate_, id_, rule_.user(), rule_.client_can("consumer_cancel_notify")};
  channels_[number] = std::make_shared<Channel>(host, number);
  host_.broker.metrics().channels.Increment();
  host_.broker.metrics().channels_opened.Increment();
  outbox_.method(number, ChannelOpenOk{});
  return {};
}

void Session::enforce(const Refusal& refusal, std::uint16_t number) {
  const auto at = channels_.find(number);
  if (refusal.closes == Closes::connection || at == channels_.end()) {
    close_connection(refusal);
    return;
  }
  at->second->shut();
  channels_.erase(at);
  closing_.insert(number);
  host_.broker.metrics().channels.Decrement();
  host_.broker.metrics().channels_closed.Increment();
  host_.log.warn("channel_exception", name_ + " (" + std::to_string(number) + ")", refusal.text);
  outbox_.method(number, ChannelClose{static_cast<std::uint16_t>(refusal.code), refusal.text, last_method_.class_id,
                                      last_method_.method_id});
}

void Session::close_connection(const Refusal& refusal) {
  if (rule_.is_closing() || rule_.closed()) return;
  host_.log.warn("connection_exception", name_, refusal.text);
  const bool silent = refusal.code == Reply::access_refused && !rule_.client_can("authentication_failure_close");
  if (silent) return stream_->close();   // such a client takes the end of the connection for a wrong password
  leave(refusal);
}

void Session::leave(const Refusal& refusal) {
  rule_.closing();
  leave_by_ = RealClock::now() + kLeave;
  outbox_.method(0, ConnectionClose{static_cast<std::uint16_t>(refusal.code), refusal.text, last_method_.class_id,
                                    last_method_.method_id});
}

}  // namespace chaos::broker
