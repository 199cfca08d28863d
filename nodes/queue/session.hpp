// One connection of a client: frames in, frames out, heartbeats, exceptions, the way of a publish through the station.
#pragma once

#include "queue/broker_log.hpp"
#include "queue/channel.hpp"
#include "queue/connection_rule.hpp"
#include "runtime/node.hpp"

#include <set>

namespace chaos::broker {

/// What all sessions of a node share; outlives them.
struct SessionHost {
  NodeContext& ctx;
  Broker& broker;
  Committer& commits;
  Station& station;
  BrokerLog& log;
  const Users& users;
};

/// Data thread only. run() and write() are two coroutines of one session; both end when the connection does.
class Session {
 public:
  Session(SessionHost host, std::shared_ptr<EdgeStream> stream, SessionId id, Tuning offer);
  ~Session();

  /// Reads until the connection ends. Then what it held goes back to the queues.
  awaitable<void> run();
  awaitable<void> write();
  /// Tells the client to go (connection.close 320) and ends when it has, or 2 s later.
  void send_off();
  /// An operator closes it: connection.close 320 with this reason.
  void close_by_operator(const std::string& reason);
  bool logged_in() const { return !rule_.user().empty(); }
  ConnectionView view() const;
  void sample(RealTime now);

 private:
  awaitable<bool> greet();
  awaitable<bool> read_more();
  awaitable<bool> answers_taken();
  awaitable<void> serve();
  awaitable<void> admit(std::shared_ptr<Channel> channel, Publish publish);
  awaitable<void> wait_for_room();
  awaitable<void> flush();
  void resume();
  RealTime silence() const;               // when a client that says nothing counts as gone

  // session_frames.cpp
  Outcome on_frame(const amqp::Frame& frame, std::shared_ptr<Channel>& publisher);
  Outcome on_connection_frame(const amqp::Frame& frame);
  Outcome on_channel_frame(const amqp::Frame& frame, std::shared_ptr<Channel>& publisher);
  Outcome on_content_frame(const amqp::Frame& frame, const std::shared_ptr<Channel>& channel,
                           std::shared_ptr<Channel>& publisher);
  Outcome on_closed_channel(const amqp::Frame& frame);
  Outcome open_channel(std::uint16_t number);
  Outcome decode(const amqp::Frame& frame, amqp::Method& method);
  void enforce(const Refusal& refusal, std::uint16_t channel);
  void close_connection(const Refusal& refusal);
  void leave(const Refusal& refusal);
  void login(bool accepted);
  void lost(ErrorCode why);
  void end() noexcept;
  void guarded(const std::function<void()>& step) noexcept;

  SessionHost host_;
  std::shared_ptr<EdgeStream> stream_;
  SessionId id_;
  ConnectionRule rule_;
  Outbox outbox_;
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  std::uint16_t resume_from_ = 0;         // the channel that is served first when the gate opens
  amqp::FrameDecoder decoder_;
  std::map<std::uint16_t, std::shared_ptr<Channel>> channels_;
  std::set<std::uint16_t> closing_;       // we closed them; the client has not agreed yet
  amqp::MethodId last_method_;            // for the exception that it may cause
  RealTime leave_by_ = RealTime::max();   // a closing connection ends then
  std::string name_;                      // "127.0.0.1:33196 -> 127.0.0.2:5672"
  std::string peer_;
  std::string local_;
  std::int64_t connected_at_;             // Unix time in ms
  TrafficMeter traffic_;
  bool blocked_ = false;                  // waits for an alarm to end
  bool ended_ = false;                    // the reader has ended
  bool writing_ = false;
  WaitList drained_;                      // the outbox is below its bound, or the writer has ended
};

}  // namespace chaos::broker
