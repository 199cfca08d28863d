#include "main/node_process.hpp"

#include "runtime/last_words.hpp"
#include "runtime/own_address.hpp"
#include "runtime/ports.hpp"
#include "runtime/schema.hpp"
#include "runtime/sleep.hpp"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace chaos {

namespace {

constexpr std::chrono::milliseconds kFaultTick{5};
constexpr std::chrono::milliseconds kJoin{500};
constexpr std::chrono::seconds kNameRetry{1};

TaskGroup::OnFailure log_failure(Log& log) {
  return [&log](const std::string& name, const std::string& what) { log.error("task_failed", {{"task", name}, {"what", what}}); };
}

LabAnchor to_anchor(const v1::ClockAnchor& sent) {
  const auto unix_now = std::chrono::system_clock::now().time_since_epoch();
  const auto age = unix_now - std::chrono::microseconds(sent.unix_us());
  return {RealClock::now() - std::chrono::duration_cast<RealDuration>(age), LabTime{sent.lab_us()}, sent.speed()};
}

}  // namespace

NodeProcess::NodeProcess(asio::io_context& io, NodeOptions options, MakeRole make_role, std::vector<FaultEntry> faults)
    : io_(io), options_(std::move(options)), make_role_(make_role), log_(options_.name, clock_), deadlines_(io), stats_(registry_),
      faults_(std::move(faults)), services_(io.get_executor(), log_failure(log_)), tasks_(io.get_executor(), log_failure(log_)),
      ctx_{options_.name, options_.role, options_.listen, options_.data, io_, clock_, deadlines_, faults_, log_, tasks_, stats_,
           registry_, Rng(options_.seed), [this] { return slowdown_; }, [this] { return lifecycle_.phase() != v1::PHASE_READY; },
           states_, &desired_},
      host_{ctx_, [this](const std::string& id, RealTime until) { gate_.block(id, until); }} {
  faults_.attach(host_);
}

NodeProcess::~NodeProcess() = default;

std::string NodeProcess::why_not(const v1::DesiredState& state) const {
  const auto* oneof = v1::RoleConfig::descriptor()->FindOneofByName("role");
  const auto* field = state.config().GetReflection()->GetOneofFieldDescriptor(state.config(), oneof);
  if (!field || field->name() != options_.role) return "the configuration is not of role " + options_.role;
  if (!(state.clock().speed() > 0)) return "clock.speed must be above 0";
  std::string why;
  for (const SchemaFault& fault : check(state.config())) why += (why.empty() ? "config." : "; config.") + fault.field + ": " + fault.text;
  return why;
}

void NodeProcess::apply(v1::DesiredState state) {
  const LabAnchor before = clock_.anchor();
  refusal_ = why_not(state);
  if (refusal_.empty()) {
    clock_.set_anchor(to_anchor(state.clock()));
    if (!faults_.apply(state.faults(), &refusal_)) clock_.set_anchor(before);
  }
  if (!refusal_.empty()) {
    log_.error("state_refused", {{"revision", static_cast<std::int64_t>(state.revision())}, {"why", refusal_}});
    send_report();
    return;
  }
  const bool first = desired_.revision() == 0;
  desired_ = std::move(state);
  if (first) ctx_.rng = Rng(desired_.seed());
  if (first && link_) log_.info("attached");
  const v1::NodeSettings& settings = desired_.config().node();
  guard_.set_limit(static_cast<std::uint64_t>(settings.memory_limit_mb() * kLimitMegabyte), container_memory_limit());
  if (link_) link_->set_deadman(std::chrono::milliseconds(static_cast<std::int64_t>(settings.deadman_s() * 1000)));
  if (!desired_.end_process().empty() && desired_.end_process() == process_) stop_asked_ = true;
  if (role_) role_->reconfigure();
  changed_.notify_all();
  send_report();
}

// A controller whose name nobody knows yet may still come.
awaitable<void> NodeProcess::find_address() {
  if (options_.advertise.empty() && options_.listen != "0.0.0.0") options_.advertise = options_.listen;
  while (options_.advertise.empty() && !stop_asked_) {
    options_.advertise = address_towards(options_.controller).value_or("");
    if (!options_.advertise.empty()) break;
    log_.warn("controller_unknown", {{"controller", options_.controller}});
    co_await changed_.wait(RealClock::now() + kNameRetry);
  }
}

void NodeProcess::attach() {
  v1::Hello hello;
  hello.set_name(options_.name);
  hello.set_role(options_.role);
  hello.set_address(options_.advertise);
  hello.set_pid(getpid());
  hello.set_build(CHAOSLAB_VERSION);
  process_ = std::to_string(getpid()) + "@" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
  hello.set_process(process_);
  ControlLink::Handlers handlers;
  handlers.on_state = [this](v1::DesiredState state) { apply(std::move(state)); };
  handlers.on_link = [this](bool up) {
    if (!up || desired_.revision() > 0) log_.info(up ? "attached" : "detached");    // the first time: with its state, and so its lab time
  };
  handlers.on_refused = [this](const std::string& why) { log_.warn("attach_refused", {{"why", why}}); };
  handlers.on_deadman = [this] {
    log_.warn("deadman", {{"text", std::string("the controller stays away: faults are cleared")}});
    faults_.clear();
  };
  link_ = std::make_unique<ControlLink>(io_, options_.controller, std::move(hello), gate_, std::move(handlers));
  link_->start();
}

// Without a controller: active at once, no boot time, presets where the file is silent.
bool NodeProcess::load_state_file() {
  v1::DesiredState state;
  if (!options_.state.empty()) {
    std::ifstream in(options_.state);
    std::stringstream text;
    text << in.rdbuf();
    const auto parsed = google::protobuf::util::JsonStringToMessage(text.str(), &state);
    if (!in || !parsed.ok()) {
      std::fprintf(stderr, "chaos-node: %s: %s\n", options_.state.c_str(), in ? std::string(parsed.message()).c_str() : "cannot be read");
      return false;
    }
  }
  auto& config = *state.mutable_config();
  const auto* field = v1::RoleConfig::descriptor()->FindFieldByName(options_.role);
  config.GetReflection()->MutableMessage(&config, field);
  apply_presets(state);
  config.mutable_node()->set_boot_lab_s(0);
  if (state.version().empty()) state.set_version("v1");
  if (state.seed() == 0) state.set_seed(options_.seed);
  if (state.run().empty()) state.set_run("alone");
  state.set_duty(v1::DUTY_ACTIVE);
  state.set_revision(desired_.revision() + 1);
  if (!(state.clock().speed() > 0)) {
    const auto unix_now = std::chrono::system_clock::now().time_since_epoch();
    state.mutable_clock()->set_unix_us(std::chrono::duration_cast<std::chrono::microseconds>(unix_now).count());
    state.mutable_clock()->set_lab_us(clock_.lab_now().us);
    state.mutable_clock()->set_speed(1);
  }
  apply(std::move(state));
  if (!refusal_.empty()) std::fprintf(stderr, "chaos-node: %s\n", refusal_.c_str());
  return refusal_.empty();
}

awaitable<void> NodeProcess::signals() {
  asio::signal_set set(io_, SIGTERM, SIGINT, SIGHUP);
  while (true) {
    const int number = co_await set.async_wait(asio::use_awaitable);
    if (number == SIGHUP) {
      if (!link_) load_state_file();
      continue;
    }
    stop_asked_ = true;
    changed_.notify_all();
  }
}

awaitable<void> NodeProcess::fault_loop() {
  while (true) {
    faults_.tick();
    co_await sleep_real(kFaultTick);
  }
}

awaitable<int> NodeProcess::run() {
  services_.spawn("deadlines", deadlines_.run());
  services_.spawn("signals", signals());
  services_.spawn("faults", fault_loop());
  services_.spawn("reports", report_loop());
  auto last_words = [this] {
    leave_last_words(options_.last_words, kOutOfMemory);
    log_.error("out_of_memory", {{"resident_bytes", static_cast<std::int64_t>(guard_.resident())}, {"limit_bytes", static_cast<std::int64_t>(guard_.limit())}});
  };
  services_.spawn("memory", guard_.run(last_words));
  if (options_.controller.empty()) {
    if (!load_state_file()) co_return 2;
  } else {
    co_await find_address();
    attach();
  }
  while (true) {
    const v1::Phase before = lifecycle_.phase();
    const Step step = lifecycle_.next(desired_.duty(), stop_asked_, made_);
    if (lifecycle_.phase() != before) send_report();
    if (step == Step::wait) {
      co_await changed_.wait(RealTime::max());
    } else if (step == Step::boot) {
      co_await boot();
    } else if (step == Step::serve) {
      if (!co_await serve()) co_return 1;
    } else {
      co_await stop();
      co_return 0;
    }
  }
}

// Ends early when the node is not to serve any more.
awaitable<void> NodeProcess::boot() {
  const LabTime end = clock_.lab_now() + LabDuration::from_seconds(desired_.config().node().boot_lab_s());
  log_.info("booting", {{"boot_lab_s", desired_.config().node().boot_lab_s()}, {"version", desired_.version()}});
  while (clock_.lab_now() < end && !stop_asked_ && desired_.duty() != v1::DUTY_STANDBY) {
    const RealDuration left = clock_.to_real(end - clock_.lab_now());
    co_await changed_.wait(RealClock::now() + std::min<RealDuration>(left, std::chrono::milliseconds(50)));
  }
  if (clock_.lab_now() >= end) made_ = Made::boot;
}

awaitable<bool> NodeProcess::serve() {
  process_metrics_ = std::make_unique<ProcessMetrics>(registry_, options_.role, desired_.version());
  HttpLimits limits;
  limits.faults = false;
  limits.max_sessions = 64;
  metrics_server_ = std::make_unique<HttpServer>(ctx_, "metrics", limits, [this](HttpRequest request) { return metrics(std::move(request)); });
  if (!metrics_server_->listen(options_.listen, ports::kMetrics)) co_return false;
  const auto started = co_await start_role();
  if (stop_asked_) co_return true;
  if (!started) {
    const bool told = started.error() == Errc::invalid;      // the role has said what it does not take
    log_.error("start_failed", {{"error", told ? std::string("the line before says why") : started.error().message()}});
    co_return false;
  }
  made_ = Made::role;
  log_.info("ready", {{"version", desired_.version()}, {"address", options_.listen}});
  co_return true;
}

// A start that takes long does not keep a stop waiting. One that was cut short ends with its process.
awaitable<Result<void>> NodeProcess::start_role() {
  role_ = make_role_(ctx_);
  const auto started = std::make_shared<Result<void>>(Errc::closed);      // a task that is cut short may outlive this
  TaskGroup starting(io_.get_executor(), log_failure(log_));
  starting.spawn("start", start_into(started));
  while (starting.size() > 0 && !stop_asked_) {
    co_await changed_.wait(RealTime::max());
    if (starting.size() > 0 && desired_.duty() == v1::DUTY_STANDBY) stop_asked_ = true;
  }
  co_await starting.stop(RealClock::now() + kJoin);
  co_return *started;
}

awaitable<void> NodeProcess::start_into(std::shared_ptr<Result<void>> started) {
  struct Tell {
    NodeProcess& node;
    ~Tell() {      // when this task has left its group
      asio::post(node.io_, [&node = node] { node.changed_.notify_all(); });
    }
  } tell{*this};
  *started = co_await role_->start();
}

awaitable<void> NodeProcess::stop() {
  log_.info("stopping");
  const RealDuration drain = clock_.to_real(LabDuration::from_seconds(desired_.config().node().drain_lab_s()));
  TaskGroup draining(io_.get_executor(), log_failure(log_));
  if (role_) {
    draining.spawn("drain", role_->drain());
    co_await draining.join(RealClock::now() + std::max<RealDuration>(drain, std::chrono::milliseconds(1)));
    co_await draining.stop(RealClock::now() + kJoin);
  }
  send_report();
  if (metrics_server_) metrics_server_->close_all();
  co_await tasks_.stop(RealClock::now() + kJoin);
  co_await services_.stop(RealClock::now() + kJoin);
  log_.info("stopped");
  if (link_) link_->stop();
  role_.reset();
}

}  // namespace chaos
