#include "queue/session.hpp"

#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"

#include <array>
#include <utility>

namespace chaos::broker {

using namespace amqp;

namespace {

constexpr std::chrono::seconds kHandshake{10};
constexpr std::chrono::seconds kStationWait{10};
constexpr std::chrono::seconds kFlush{2};
constexpr std::chrono::seconds kLook{1};     // how often a blocked publisher's connection is looked at
constexpr std::size_t kChunk = 16 * 1024;

}  // namespace

Session::Session(SessionHost host, std::shared_ptr<EdgeStream> stream, SessionId id, Tuning offer)
    : host_(host), stream_(std::move(stream)), id_(id), rule_(offer, host.users), decoder_(offer.frame_max), peer_(stream_->remote()),
      connected_at_(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()) {
  const std::string reached = stream_->local();   // the address that the client reached, also where all are listened on
  local_ = reached.empty() ? host_.ctx.address : reached.substr(0, reached.rfind(':'));
  name_ = peer_ + " -> " + local_ + ":" + std::to_string(ports::kAmqp);
  host_.broker.metrics().connections.Increment();
  host_.broker.metrics().connections_opened.Increment();
}

Session::~Session() {
  host_.broker.metrics().connections.Decrement();
  host_.broker.metrics().connections_closed.Increment();
}

awaitable<void> Session::run() {
  struct Ending {
    Session& session;
    ~Ending() { session.end(); }
  };
  {
    Ending ending{*this};
    stream_->expires_after(kHandshake);
    if (co_await greet()) co_await serve();
  }
  co_await flush();
}

// Section 4.2.2: a client of another protocol is told the one that is spoken here.
awaitable<bool> Session::greet() {
  std::string_view header;
  while ((header = decoder_.take_raw(kProtocolHeader.size())).empty()) {
    if (!co_await read_more()) co_return false;
  }
  if (header != kProtocolHeader) {
    outbox_.raw(kProtocolHeader);
    co_return false;
  }
  outbox_.method(0, rule_.start());
  co_return true;
}

RealTime Session::silence() const {
  const int heartbeat = rule_.open() ? rule_.tuning().heartbeat : 0;
  return heartbeat ? RealClock::now() + std::chrono::seconds(2 * heartbeat) : RealTime::max();
}

// A client that asks and does not read the answers is not listened to.
awaitable<bool> Session::answers_taken() {
  const RealTime until = silence();
  while (outbox_.full()) {
    if (!co_await drained_.wait(until) || !stream_->is_open()) co_return false;
  }
  co_return true;
}

awaitable<bool> Session::read_more() {
  if (rule_.is_closing()) stream_->expires_at(leave_by_);
  if (rule_.open()) stream_->expires_at(silence());
  std::array<char, kChunk> chunk;
  const auto got = co_await stream_->read_some(asio::buffer(chunk));
  if (!got) {
    lost(got.error());
    co_return false;
  }
  traffic_.add(static_cast<std::size_t>(Traffic::recv_oct), *got);
  traffic_.add(static_cast<std::size_t>(Traffic::recv_cnt));
  if (rule_.open()) stream_->expires_never();   // what the node itself takes is not the client's silence
  decoder_.feed({chunk.data(), *got});
  co_return true;
}

awaitable<void> Session::serve() {
  while (!rule_.closed()) {
    if (outbox_.full() && !co_await answers_taken()) co_return;
    Frame frame;
    const auto progress = decoder_.next(frame);
    if (progress == FrameDecoder::Progress::more) {
      if (!co_await read_more()) co_return;
      continue;
    }
    if (progress == FrameDecoder::Progress::malformed) {
      last_method_ = {};
      close_connection(refuse(Reply::frame_error, "malformed frame"));
      co_return;
    }
    std::shared_ptr<Channel> publisher;
    const Outcome refused = on_frame(frame, publisher);
    if (refused) enforce(*refused, frame.channel);
    if (refused || !publisher) continue;
    if (auto whole = publisher->take_publish()) co_await admit(std::move(publisher), std::move(*whole));
  }
}

awaitable<void> Session::admit(std::shared_ptr<Channel> channel, Publish publish) {
  auto scope = host_.ctx.stats.begin("publish");
  const std::uint16_t number = channel->number();
  const CallVerdict verdict = host_.ctx.seams.call("publish");
  if (verdict.delay > RealDuration::zero()) co_await sleep_real(verdict.delay);
  Outcome refused;
  if (verdict.status) {
    refused = Refusal{Reply::internal_error, "INTERNAL_ERROR", Closes::channel};
  } else {
    if (host_.broker.accounts().full()) co_await wait_for_room();
    auto slot = co_await host_.station.enter(RealClock::now() + kStationWait);
    if (slot) co_await host_.station.work();
    refused = slot ? channel->publish(std::move(publish), std::move(scope)) : channel->turn_away("the broker is overloaded");
  }
  last_method_ = BasicPublish::kId;
  if (refused) enforce(*refused, number);
}

// RabbitMQ's memory alarm: publishers are not read from until there is room (connection.blocked tells those who ask).
awaitable<void> Session::wait_for_room() {
  Accounts& accounts = host_.broker.accounts();
  const bool tells = rule_.client_can("connection.blocked");
  blocked_ = true;
  host_.log.warn("publisher_blocked", name_, accounts.reason());
  if (tells) outbox_.method(0, ConnectionBlocked{accounts.reason()});
  while (accounts.full() && stream_->is_open() && rule_.open()) co_await accounts.room().wait(RealClock::now() + kLook);
  blocked_ = false;
  if (tells && rule_.open()) outbox_.method(0, ConnectionUnblocked{});
}

awaitable<void> Session::write() {
  writing_ = true;
  std::string sending;
  while (!(ended_ && outbox_.empty()) && stream_->is_open()) {
    if (outbox_.empty()) {
      const int heartbeat = rule_.open() ? rule_.tuning().heartbeat : 0;
      const RealTime until = heartbeat ? RealClock::now() + std::chrono::milliseconds(500 * heartbeat) : RealTime::max();
      const bool filled = co_await outbox_.filled().wait(until);
      if (!filled) outbox_.heartbeat();
      continue;
    }
    outbox_.take(sending);
    const auto sent = co_await stream_->write(asio::buffer(sending));
    if (!sent) break;
    traffic_.add(static_cast<std::size_t>(Traffic::send_oct), sending.size());
    traffic_.add(static_cast<std::size_t>(Traffic::send_cnt));
    drained_.notify_all();
    resume();
  }
  writing_ = false;
  drained_.notify_all();
  if (!ended_) stream_->close();   // the reader ends with it
}

// The channels take turns: the gate may shut before the last had its own.
void Session::resume() {
  if (!std::exchange(gate_->shut, false)) return;
  auto next = channels_.lower_bound(resume_from_);
  for (std::size_t left = channels_.size(); left > 0 && !gate_->shut; --left) {
    if (next == channels_.end()) next = channels_.begin();
    (next++)->second->resume();
  }
  resume_from_ = next == channels_.end() ? 0 : next->first;
}

// The last words: the answer to connection.close, or an exception.
awaitable<void> Session::flush() {
  if (!stream_->is_open()) co_return;
  stream_->expires_after(kFlush);
  const RealTime until = RealClock::now() + kFlush;
  while (writing_ && co_await drained_.wait(until)) {}
}

}  // namespace chaos::broker
