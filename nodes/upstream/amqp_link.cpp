#include "upstream/amqp_link.hpp"

#include <array>
#include <charconv>

namespace chaos {

using namespace amqp;

namespace {

constexpr std::size_t kMaxOut = 4 * 1024 * 1024;
constexpr std::size_t kMaxBody = 4 * 1024 * 1024;
constexpr std::chrono::seconds kHeartbeat{5};     // a broker that is silent for twice this is gone
constexpr std::chrono::seconds kLastWords{1};

}  // namespace

awaitable<Result<void>> AmqpConnection::Link::handshake(RealTime deadline) {
  out_.append(kProtocolHeader);
  filled_.notify_one();
  if (auto start = co_await expect<ConnectionStart>(deadline); !start) co_return start.error();
  ConnectionStartOk start_ok;
  start_ok.client_properties = {{"product", {std::string("chaoslab")}},
                                {"capabilities", {Table{{"publisher_confirms", {true}},
                                                        {"basic.nack", {true}},
                                                        {"consumer_cancel_notify", {true}}}}}};
  start_ok.mechanism = "PLAIN";
  start_ok.response.text = std::string("\0guest\0guest", 12);
  start_ok.locale = "en_US";
  auto tune = co_await call<ConnectionTune>(0, start_ok, deadline);
  if (!tune) co_return tune.error();
  heartbeat_ = std::min(kHeartbeat, std::chrono::seconds(tune->heartbeat));
  frame_max_ = std::max(kFrameMinSize, tune->frame_max);
  append_method(out_, 0, ConnectionTuneOk{1, frame_max_, static_cast<std::uint16_t>(heartbeat_.count())});
  ConnectionOpen open;
  open.virtual_host = "/";
  if (auto ok = co_await call<ConnectionOpenOk>(0, open, deadline); !ok) co_return ok.error();
  if (auto ok = co_await call<ChannelOpenOk>(kChannel, ChannelOpen{}, deadline); !ok) co_return ok.error();
  if (auto ok = co_await call<ConfirmSelectOk>(kChannel, ConfirmSelect{}, deadline); !ok) co_return ok.error();
  co_return boost::system::in_place_value;
}

Result<void> AmqpConnection::Link::send(const Method& method) {
  if (failure_) return failure_;
  if (out_.size() > kMaxOut) return Errc::overloaded;
  append_method(out_, kChannel, method);
  filled_.notify_one();
  return boost::system::in_place_value;
}

Result<std::uint64_t> AmqpConnection::Link::send_publish(const AmqpPublish& message) {
  BasicPublish publish;
  publish.exchange = message.exchange;
  publish.routing_key = message.routing_key;
  publish.mandatory = true;
  if (auto sent = send(publish); !sent) return sent.error();
  const std::uint64_t number = ++published_;
  Properties properties;
  properties.delivery_mode = message.persistent ? kPersistent : std::uint8_t{1};
  properties.message_id = std::to_string(number);   // tells which message a basic.return is about
  append_content_header(out_, kChannel, message.body.size(), encode_properties(properties));
  append_body(out_, kChannel, message.body, frame_max_);
  pending_[number] = Confirm::waiting;
  return number;
}

awaitable<Result<void>> AmqpConnection::Link::settled(std::uint64_t number, RealTime deadline) {
  struct Forget {
    std::map<std::uint64_t, Confirm>& pending;
    std::uint64_t number;
    ~Forget() { pending.erase(number); }
  } forget{pending_, number};
  while (pending_[number] == Confirm::waiting) {
    if (failure_) co_return failure_;
    if (!co_await changed_.wait(deadline)) co_return Errc::timeout;
  }
  switch (pending_[number]) {
    case Confirm::returned: co_return Errc::not_found;
    case Confirm::nacked: co_return Errc::rejected;
    default: co_return boost::system::in_place_value;
  }
}

void AmqpConnection::Link::fail(ErrorCode code) {
  if (failure_) return;
  failure_ = code == Errc::timeout ? make_error_code(Errc::reset) : code;
  stream_->expires_after(kLastWords);
  filled_.notify_all();
  changed_.notify_all();
}

awaitable<void> AmqpConnection::Link::read() {
  std::array<char, 8192> chunk;
  while (!failure_) {
    if (heartbeat_.count() > 0) stream_->expires_after(2 * heartbeat_);
    const auto got = co_await stream_->read_some(asio::buffer(chunk));
    if (!got) {
      fail(got.error());
      break;
    }
    decoder_.feed({chunk.data(), *got});
    Frame frame;
    auto progress = decoder_.next(frame);
    while (progress == FrameDecoder::Progress::ready && !failure_ && on_frame(frame)) progress = decoder_.next(frame);
    if (progress != FrameDecoder::Progress::more) fail(Errc::protocol);
    changed_.notify_all();
  }
}

awaitable<void> AmqpConnection::Link::write() {
  std::string sending;
  while (true) {
    if (out_.empty()) {
      if (failure_) break;
      const bool beats = heartbeat_.count() > 0;
      const bool filled = co_await filled_.wait(beats ? RealClock::now() + RealDuration(heartbeat_) / 2 : RealTime::max());
      if (!filled) append_heartbeat(out_);
      continue;
    }
    sending.clear();
    sending.swap(out_);
    if (auto sent = co_await stream_->write(asio::buffer(sending)); !sent) {
      fail(sent.error());
      break;
    }
  }
  stream_->close();
}

bool AmqpConnection::Link::on_frame(const Frame& frame) {
  switch (frame.type) {
    case FrameType::heartbeat: return true;
    case FrameType::method: return on_method(frame);
    case FrameType::header: return on_header(frame.payload);
    case FrameType::body: return on_body(frame.payload);
  }
  return false;
}

bool AmqpConnection::Link::on_method(const Frame& frame) {
  Method method;
  if (content_ || decode_method(frame.payload, method) != Decoded::ok) return false;
  if (const auto* ack = std::get_if<BasicAck>(&method)) {
    confirm(ack->delivery_tag, ack->multiple, Confirm::acked);
  } else if (const auto* nack = std::get_if<BasicNack>(&method)) {
    confirm(nack->delivery_tag, nack->multiple, Confirm::nacked);
  } else if (std::holds_alternative<BasicDeliver>(method) || std::holds_alternative<BasicReturn>(method)) {
    content_ = std::move(method);
  } else if (std::holds_alternative<BasicCancel>(method)) {
    consuming_ = false;   // the queue was deleted
  } else if (const auto* close = std::get_if<ChannelClose>(&method)) {
    closed_by_peer(close->code, close->text, ChannelCloseOk{}, kChannel);
  } else if (const auto* end = std::get_if<ConnectionClose>(&method)) {
    closed_by_peer(end->code, end->text, ConnectionCloseOk{}, 0);
  } else if (!std::holds_alternative<ConnectionBlocked>(method) && !std::holds_alternative<ConnectionUnblocked>(method)) {
    reply_ = std::move(method);
  }
  return true;
}

void AmqpConnection::Link::closed_by_peer(std::uint16_t code, const std::string& text, const Method& answer,
                                          std::uint16_t channel) {
  log_.warn("amqp_closed_by_broker", {{"code", std::int64_t{code}}, {"text", text}});
  append_method(out_, channel, answer);
  const bool forced = code == static_cast<std::uint16_t>(Reply::connection_forced);
  fail(forced ? Errc::closed : Errc::rejected);
}

void AmqpConnection::Link::confirm(std::uint64_t number, bool multiple, Confirm verdict) {
  auto at = multiple ? pending_.begin() : pending_.find(number);
  for (; at != pending_.end() && at->first <= number; ++at) {
    if (at->second == Confirm::waiting) at->second = verdict;
  }
}

bool AmqpConnection::Link::on_header(std::string_view payload) {
  auto header = decode_content_header(payload);
  if (!content_ || !header || header->body_size > kMaxBody) return false;
  missing_ = header->body_size;
  message_id_ = header->properties.message_id.value_or("");
  body_.clear();
  if (missing_ == 0) content_whole();
  return true;
}

bool AmqpConnection::Link::on_body(std::string_view payload) {
  if (!content_ || payload.empty() || payload.size() > missing_) return false;
  body_.append(payload);
  missing_ -= payload.size();
  if (missing_ == 0) content_whole();
  return true;
}

void AmqpConnection::Link::content_whole() {
  const Method method = std::move(*content_);
  content_.reset();
  if (const auto* deliver = std::get_if<BasicDeliver>(&method)) {
    deliveries_.push_back({deliver->delivery_tag, deliver->redelivered, std::move(body_)});
    return;
  }
  std::uint64_t number = 0;
  std::from_chars(message_id_.data(), message_id_.data() + message_id_.size(), number);
  confirm(number, false, Confirm::returned);
}

}  // namespace chaos
