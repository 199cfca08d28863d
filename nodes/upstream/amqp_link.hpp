// The inside of an AmqpConnection: one reader and one writer, and what waits for them.
#pragma once

#include "runtime/wait_list.hpp"
#include "upstream/amqp_connection.hpp"
#include "wire/amqp_content.hpp"
#include "wire/amqp_method.hpp"

#include <deque>
#include <map>

namespace chaos {

/// Data thread only. Lives until its two tasks have ended, which they do once it has failed.
struct AmqpConnection::Link : std::enable_shared_from_this<AmqpConnection::Link> {
  static constexpr std::uint16_t kChannel = 1;

  Link(Log& log, std::unique_ptr<EdgeStream> stream) : log_(log), stream_(std::move(stream)) {}

  /// From the protocol header to confirm.select-ok.
  awaitable<Result<void>> handshake(RealTime deadline);
  /// Sends `request` and waits for a `Reply`; one at a time, the others wait. A time-out fails the link, for the
  /// answer may still come.
  template <class Reply>
  awaitable<Result<Reply>> call(std::uint16_t channel, amqp::Method request, RealTime deadline);
  Result<void> send(const amqp::Method& method);
  Result<std::uint64_t> send_publish(const AmqpPublish& message);
  awaitable<Result<void>> settled(std::uint64_t number, RealTime deadline);

  awaitable<void> read();
  awaitable<void> write();
  /// Ends it: every call ends with `code` from now on (a time-out becomes reset: only a live link says timeout). What
  /// is in the buffer is still sent.
  void fail(ErrorCode code);

  enum class Confirm { waiting, acked, nacked, returned };
  ErrorCode failure_;
  bool consuming_ = false;
  std::deque<AmqpDelivery> deliveries_;
  WaitList changed_;

 private:
  template <class Reply>
  awaitable<Result<Reply>> expect(RealTime deadline);
  bool on_frame(const amqp::Frame& frame);
  bool on_method(const amqp::Frame& frame);
  bool on_header(std::string_view payload);
  bool on_body(std::string_view payload);
  void content_whole();
  void confirm(std::uint64_t number, bool multiple, Confirm verdict);
  void closed_by_peer(std::uint16_t code, const std::string& text, const amqp::Method& answer, std::uint16_t channel);

  Log& log_;
  std::unique_ptr<EdgeStream> stream_;
  amqp::FrameDecoder decoder_{1 << 20};
  std::uint32_t frame_max_ = amqp::kFrameMinSize;
  std::string out_;
  WaitList filled_;
  std::chrono::seconds heartbeat_{0};

  bool calling_ = false;
  std::optional<amqp::Method> reply_;
  std::uint64_t published_ = 0;
  std::map<std::uint64_t, Confirm> pending_;

  std::optional<amqp::Method> content_;     // basic.deliver or basic.return whose content is under way
  std::uint64_t missing_ = 0;
  std::string message_id_;
  std::string body_;
};

template <class Reply>
awaitable<Result<Reply>> AmqpConnection::Link::expect(RealTime deadline) {
  while (!reply_ && !failure_) {
    if (co_await changed_.wait(deadline)) continue;
    fail(Errc::reset);
    co_return Errc::timeout;
  }
  if (!reply_) co_return failure_;
  Reply* reply = std::get_if<Reply>(&*reply_);
  if (!reply) {
    fail(Errc::protocol);
    co_return failure_;
  }
  Reply taken = std::move(*reply);
  reply_.reset();
  co_return taken;
}

template <class Reply>
awaitable<Result<Reply>> AmqpConnection::Link::call(std::uint16_t channel, amqp::Method request, RealTime deadline) {
  while (calling_ && !failure_) {
    if (!co_await changed_.wait(deadline)) co_return Errc::timeout;
  }
  if (failure_) co_return failure_;
  struct Turn {
    Link& link;
    ~Turn() {
      link.calling_ = false;
      link.changed_.notify_all();
    }
  } turn{*this};
  calling_ = true;
  amqp::append_method(out_, channel, request);
  filled_.notify_one();
  auto reply = co_await expect<Reply>(deadline);
  co_return reply;
}

}  // namespace chaos
