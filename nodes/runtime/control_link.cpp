#include "runtime/control_link.hpp"

#include "runtime/sudden_end.hpp"

#include "chaoslab/v1/node.grpc.pb.h"

#include <grpcpp/alarm.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>

namespace chaos {

namespace {

using Milliseconds = std::chrono::milliseconds;
constexpr Milliseconds kFirstBackOff{50};
constexpr Milliseconds kLastBackOff{1000};
constexpr std::size_t kMaxQueue = 256;
constexpr Milliseconds kGrace{2000};     // beyond the drain, from being told to end to being dead

class Stream;

}  // namespace

struct ControlLink::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io_in, BlockGate& gate_in) : io(io_in), gate(gate_in) {}

  asio::io_context& io;
  BlockGate& gate;
  Handlers handlers;
  v1::Hello hello;
  std::unique_ptr<v1::NodeControl::Stub> stub;

  std::mutex mutex;
  std::condition_variable ended;
  std::unique_ptr<Stream> stream;
  std::deque<v1::NodeMessage> queue;
  bool writing = false;
  bool attached = false;
  bool stopping = false;
  bool deadman_told = false;
  Milliseconds back_off = kFirstBackOff;
  Milliseconds deadman{30000};
  RealTime down_since = RealClock::now();
  grpc::Alarm alarm;
  std::optional<grpc::Alarm> last_moment;     // once this process was told to end

  void open();
  void write_next();                    // mutex held
  void on_read(v1::DesiredState state);
  void insist(const v1::DesiredState& state);
  void on_written();
  void on_done(const grpc::Status& status);
  void retry();

  template <class F>
  void to_data_thread(F f) {
    asio::post(io, [self = shared_from_this(), f = std::move(f)]() mutable { f(*self); });
  }
};

namespace {

class Stream final : public grpc::ClientBidiReactor<v1::NodeMessage, v1::DesiredState> {
 public:
  explicit Stream(std::shared_ptr<ControlLink::State> state) : state_(std::move(state)) {}

  void begin(v1::NodeControl::Stub& stub) {
    stub.async()->Attach(&context, this);
    StartRead(&incoming_);
    StartCall();
  }
  void write(v1::NodeMessage message) {
    outgoing_ = std::move(message);
    StartWrite(&outgoing_);
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    state_->on_read(std::move(incoming_));
    incoming_.Clear();
    StartRead(&incoming_);
  }
  void OnWriteDone(bool ok) override {
    if (ok) state_->on_written();
  }
  void OnDone(const grpc::Status& status) override {
    auto state = state_;
    state->on_done(status);
  }

  grpc::ClientContext context;

 private:
  std::shared_ptr<ControlLink::State> state_;
  v1::DesiredState incoming_;
  v1::NodeMessage outgoing_;
};

}  // namespace

void ControlLink::State::open() {
  const std::lock_guard lock(mutex);
  if (stopping) return;
  stream = std::make_unique<Stream>(shared_from_this());
  queue.clear();
  v1::NodeMessage first;
  *first.mutable_hello() = hello;
  queue.push_back(std::move(first));
  writing = false;
  stream->begin(*stub);
  write_next();
}

void ControlLink::State::write_next() {
  if (writing || queue.empty() || !stream) return;
  writing = true;
  v1::NodeMessage message = std::move(queue.front());
  queue.pop_front();
  stream->write(std::move(message));
}

void ControlLink::State::on_read(v1::DesiredState state) {
  std::set<std::string> ids;
  for (const v1::Fault& fault : state.faults()) ids.insert(fault.id());
  gate.wanted(std::move(ids));
  if (!state.end_process().empty() && state.end_process() == hello.process()) insist(state);
  bool first = false;
  {
    const std::lock_guard lock(mutex);
    first = !std::exchange(attached, true);
    back_off = kFirstBackOff;
    deadman_told = false;
  }
  if (first) to_data_thread([](State& s) { s.handlers.on_link(true); });
  to_data_thread([state = std::move(state)](State& s) mutable { s.handlers.on_state(std::move(state)); });
}

// A data thread that hangs would never hear that its process is to end: whoever restarts it gets what a supervisor's SIGKILL gives.
void ControlLink::State::insist(const v1::DesiredState& state) {
  const std::lock_guard lock(mutex);
  if (last_moment || stopping) return;
  const auto drain = std::chrono::duration<double>(state.config().node().drain_lab_s() / std::max(state.clock().speed(), 1e-3));
  const auto at = std::chrono::system_clock::now() + std::chrono::duration_cast<Milliseconds>(drain) + kGrace;
  last_moment.emplace().Set(at, [](bool in_time) {
    if (in_time) die_at_once();
  });
}

void ControlLink::State::on_written() {
  const std::lock_guard lock(mutex);
  writing = false;
  write_next();
  if (stopping && !writing) ended.notify_all();
}

// A controller that is away or ends is no news; one that says no is.
void ControlLink::State::on_done(const grpc::Status& status) {
  const bool away = status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE || status.error_code() == grpc::StatusCode::CANCELLED;
  if (!away) to_data_thread([why = status.error_message()](State& s) { s.handlers.on_refused(why); });
  std::unique_ptr<Stream> gone;
  {
    const std::lock_guard lock(mutex);
    gone = std::move(stream);
    if (std::exchange(attached, false)) {
      down_since = RealClock::now();
      to_data_thread([](State& s) { s.handlers.on_link(false); });
    }
    if (!stopping) {
      const auto at = std::chrono::system_clock::now() + back_off;
      back_off = std::min(back_off * 2, kLastBackOff);
      alarm.Set(at, [self = shared_from_this()](bool) { self->retry(); });
    }
  }
  ended.notify_all();
}

void ControlLink::State::retry() {
  bool dead = false;
  {
    const std::lock_guard lock(mutex);
    dead = !deadman_told && RealClock::now() - down_since > deadman;
    deadman_told = deadman_told || dead;
  }
  if (dead) {
    gate.release_all();
    to_data_thread([](State& s) { s.handlers.on_deadman(); });
  }
  open();
}

ControlLink::ControlLink(asio::io_context& io, std::string target, v1::Hello hello, BlockGate& gate, Handlers handlers)
    : state_(std::make_shared<State>(io, gate)) {
  state_->handlers = std::move(handlers);
  state_->hello = std::move(hello);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // A controller that hangs is noticed as well as one that is gone: the dead-man timer counts from there.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  auto channel = grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
  state_->stub = v1::NodeControl::NewStub(channel);
}

ControlLink::~ControlLink() { stop(); }

void ControlLink::start() { state_->open(); }

bool ControlLink::attached() const {
  const std::lock_guard lock(state_->mutex);
  return state_->attached;
}

void ControlLink::send(v1::Report report) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->attached) return;
  if (state_->queue.size() >= kMaxQueue) state_->queue.pop_front();
  *state_->queue.emplace_back().mutable_report() = std::move(report);
  state_->write_next();
}

void ControlLink::set_deadman(std::chrono::milliseconds after) {
  const std::lock_guard lock(state_->mutex);
  state_->deadman = after;
}

void ControlLink::stop() {
  std::unique_lock lock(state_->mutex);
  if (std::exchange(state_->stopping, true)) return;
  // What was reported last is still on its way: give it a moment before the stream is torn down.
  state_->ended.wait_for(lock, Milliseconds(50), [&] { return !state_->stream || (state_->queue.empty() && !state_->writing); });
  if (state_->stream) state_->stream->context.TryCancel();
  state_->alarm.Cancel();
  if (state_->last_moment) state_->last_moment->Cancel();
  state_->ended.wait_for(lock, std::chrono::seconds(1), [&] { return !state_->stream; });
}

}  // namespace chaos
