#include "serve/controller.hpp"

#include "lab/address_plan.hpp"
#include "launch/last_error.hpp"
#include "launch/log_file.hpp"
#include "launch/log_tail.hpp"
#include "rules/webhook.hpp"
#include "runtime/ports.hpp"
#include "runtime/sleep.hpp"
#include "serve/loss_count.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <grpcpp/server_builder.h>

#include <csignal>
#include <thread>
#include <unistd.h>

namespace chaos {

namespace {

constexpr RealDuration kStartBound = std::chrono::seconds(30);
constexpr RealDuration kElsewhereBound = std::chrono::minutes(5);     // nodes that somebody else starts
constexpr RealDuration kElsewherePatience = std::chrono::seconds(60); // Docker's back-off, an image that must come first
constexpr RealDuration kPolite = std::chrono::seconds(1);             // from SIGTERM to SIGKILL at the end
constexpr std::size_t kLastLines = 50;
constexpr RealDuration kCalls = std::chrono::milliseconds(300);

RunSettings settings_of(const Controller::Parts& parts) {
  RunSettings settings{parts.drill.drill, parts.options.responder, parts.options.seed, parts.options.speed, parts.end_lab_s};
  if (!parts.options.launch) settings.patience = kElsewherePatience;
  settings.alerts_elsewhere = parts.options.alerts == "webhook";
  return settings;
}

std::string grpc_of(const ControllerOptions& options) {
  if (!options.listen.empty()) return options.listen;
  return fmt::format("{}:{}", AddressPlan(options.octet).controller(), ports::kControllerGrpc);
}

}  // namespace

Controller::Controller(Parts parts)
    : parts_(std::move(parts)), grpc_address_(grpc_of(parts_.options)), http_host_(grpc_address_.substr(0, grpc_address_.rfind(':'))),
      host_(parts_.data->path()), model_(settings_of(parts_), host_.clock), recorder_(model_, std::move(parts_.writer), host_.log),
      events_(host_.clock, host_.log, [this](const v1::Event& event) { return recorder_.append(event); }),
      fleet_(model_, events_, host_.log), operations_(model_, fleet_, events_, [this] { keep(); }),
      conductor_({model_, fleet_, operations_, events_, recorder_}, responder()), api_(api_parts()),
      calls_(host_.io.get_executor(), [this](const std::string& name, const std::string& what) { host_.log.error("call_failed", {{"task", name}, {"what", what}}); }),
      lab_service_(api_, host_.io, calls_, parts_.data->make_token()), node_service_(host_.io, fleet_.link_handlers()),
      archive_(host_.io.get_executor(), parts_.data->record()), http_(host_.ctx, model_), web_(http_.routes(), api_, parts_.options, archive_) {
  http_.routes().post("/alerts", [this](const HttpRequest& request) { return hear(request); });
  if (!parts_.options.rules.empty()) rule_publisher_.emplace(host_.ctx, model_, rules_target(parts_.options, fmt::format("{}:{}", http_host_, ports::kControllerHttp)));
  if (parts_.cut_off) take_up(*parts_.cut_off);
  fleet_.on_report([this](const v1::Report& report) { conductor_.add_report(report); });
}

Controller::~Controller() = default;

// Where the nodes went on, the run goes on at once, as if there had been no break; else lab time stands until they are back.
void Controller::take_up(const CutOffRun& run) {
  const bool live = !parts_.options.launch;
  restore(model_, run, live);
  events_.restore(run.data.events);
  if (!live) return model_.hold_clock(run.snapshot.lab_s());
  conductor_.resume(run.snapshot, std::min(resumed_lab_s(run.snapshot, live, unix_us_now()), model_.settings.end_lab_s));
  api_.go_on();
}

void Controller::keep() {
  recorder_.keep(conductor_.snapshot());
  recorder_.flush();
}

LabApiParts Controller::api_parts() {
  const LabPlace place{parts_.data->path().string(), fmt::format("{}:{}", http_host_, ports::kControllerHttp)};
  return {model_, fleet_, operations_, events_, place, [this](bool settle) {
            down_asked_ = true;
            ask_end(settle);
          },
          [this](std::shared_ptr<FailoverLoss> loss) { host_.tasks.spawn("failover.count", count_loss(host_.ctx, model_, events_, recorder_, std::move(loss))); }};
}

const v1::Responder* Controller::responder() const {
  for (const v1::Responder& one : parts_.drill.drill.responders()) {
    if (one.name() == parts_.options.responder) return &one;
  }
  return nullptr;
}

int Controller::run() {
  int code = 1;
  auto done = [&](std::exception_ptr error, int result) {
    code = error ? 1 : result;
    host_.io.stop();
    if (error) std::rethrow_exception(error);
  };
  auto whole = life();
  asio::co_spawn(host_.io, std::move(whole), done);
  host_.io.run();
  return code;
}

awaitable<int> Controller::life() {
  host_.start();
  host_.tasks.spawn("signals", signals());
  if (can_launch() && open_doors() && announce()) {
    launch();
    if (rule_publisher_) host_.tasks.spawn("rules", rule_publisher_->run());
    host_.tasks.spawn("tick", conductor_.tick_forever());
    co_await live();
  }
  if (!failure_.empty()) {
    host_.log.error("lab_failed", {{"why", failure_}});
    std::fprintf(stderr, "chaos-controller: %s\n", failure_.c_str());
  }
  co_await end();
  co_return failure_.empty() ? 0 : 1;
}

bool Controller::can_launch() {
  const auto& binary = parts_.options.node_binary;
  if (!parts_.options.launch || access(binary.c_str(), X_OK) == 0) return true;
  failure_ = fmt::format("{} cannot be run; name the nodes' program: --node-binary PATH", binary.string());
  return false;
}

// What Alertmanager is configured to post to.
HttpResponse Controller::hear(const HttpRequest& request) {
  if (!model_.alerts.elsewhere()) return text_response(409, "this controller evaluates its alerts itself; --alerts webhook makes it listen\n");
  // A browser sends no JSON across sites without asking first: no page that somebody reads can post alerts.
  if (!request.headers.get("Content-Type").value_or("").starts_with("application/json")) return text_response(415, "application/json is wanted\n");
  const auto told = rules::parse_webhook(request.body);
  if (!told) return text_response(400, told.error().text + "\n");
  conductor_.hear(*told);
  return text_response(200, "ok\n");
}

bool Controller::open_doors() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(grpc_address_, grpc::InsecureServerCredentials(), &port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);   // nodes ping every 10 s
  builder.RegisterService(&lab_service_);
  builder.RegisterService(&node_service_);
  server_ = builder.BuildAndStart();
  if (!server_ || port == 0) {
    failure_ = fmt::format("{} cannot be listened on; is another lab up? (another second octet: --octet N)", grpc_address_);
    return false;
  }
  if (auto listening = http_.listen(http_host_, ports::kControllerHttp); !listening) {
    failure_ = fmt::format("{}:{}: {}", http_host_, ports::kControllerHttp, listening.error().message());
    return false;
  }
  return true;
}

void Controller::tell_addresses() {
  const int before = parts_.octet_before, now = parts_.options.octet;
  if (before == 0 || before == now) return;
  events_.publish({"run", "", "moved", fmt::format("the addresses are 127.{}.x.y now, no longer 127.{}.x.y", now, before), "drill"});
}

void Controller::plan_addresses() {
  const AddressPlan plan(parts_.options.octet);
  for (NodeEntry& node : model_.registry.nodes()) node.address = plan.node(node.role, node.index);
}

bool Controller::announce() {
  model_.run = parts_.run;
  LabFile lab{static_cast<int>(getpid()), grpc_address_, fmt::format("{}:{}", http_host_, ports::kControllerHttp), model_.run, model_.drill().name()};
  failure_ = parts_.data->publish(lab);
  return failure_.empty();
}

void Controller::launch() {
  if (!parts_.options.launch) return;
  plan_addresses();
  Supervisor::Handlers handlers;
  handlers.on_start = [this](const std::string& node, int pid) { fleet_.process_started(node, pid); };
  handlers.on_end = [this](const std::string& node, const ProcessEnd& end) { fleet_.process_ended(node, end); };
  handlers.on_failure = [this](const std::string& node, const std::string& why) { host_.log.error("start_failed", {{"of", node}, {"why", why}}); };
  LaunchSettings settings{parts_.options.node_binary, grpc_address_, parts_.data->nodes(), parts_.data->logs()};
  supervisor_ = std::make_unique<Supervisor>(host_.io, std::move(settings), std::move(handlers));
  fleet_.use(*supervisor_);
  for (const NodeEntry& node : model_.registry.nodes()) supervisor_->keep({node.name, node.role, node.address, callers_before(node.role)});
}

// The run, then the lab as it is until somebody ends it.
awaitable<void> Controller::live() {
  if (model_.phase == RunPhase::starting && !co_await get_ready()) co_return;
  co_await conductor_.run();
  if (end_asked_ && !settle_) co_return;
  settlement_.emplace(SettlementParts{model_, fleet_, operations_, events_, recorder_, host_.ctx});
  co_await settlement_->run();
  while (!end_asked_ && !parts_.options.end_with_run) co_await changed_.wait(RealTime::max());
}

// From the start of the processes to the beginning of the run.
awaitable<bool> Controller::get_ready() {
  const RealTime bound = RealClock::now() + (parts_.options.launch ? kStartBound : kElsewhereBound);
  std::string why;
  if (!co_await conductor_.wait_ready(bound, parts_.options.launch, &why)) {
    if (!why.empty()) failure_ = why_not_ready(why);
    co_return false;
  }
  if (!parts_.cut_off) conductor_.begin();
  else conductor_.resume(parts_.cut_off->snapshot, parts_.cut_off->snapshot.lab_s());
  tell_addresses();
  api_.go_on();
  co_return true;
}

// In the words of the node that ends again and again, where there is one.
std::string Controller::why_not_ready(const std::string& unready) const {
  const auto failing = model_.registry.failing();
  const auto log = failing.empty() ? parts_.data->logs() : log_path(parts_.data->logs(), failing.front());
  const std::string said = failing.empty() ? "" : last_error(LogTail(log).last(kLastLines));
  if (said.empty()) return fmt::format("the lab did not become ready: {}; see {}", unready, log.string());
  return fmt::format("{} does not start: {}\nits log: {}", failing.front(), said, log.string());
}

awaitable<void> Controller::signals() {
  asio::signal_set set(host_.io, SIGTERM, SIGINT);
  while (true) {
    co_await set.async_wait(asio::use_awaitable);
    ask_end(false);
  }
}

void Controller::ask_end(bool settle) {
  const bool ran = model_.phase == RunPhase::running || model_.phase == RunPhase::settling;
  settle_ = settle && ran;
  end_asked_ = true;
  if (settlement_ && !settle) settlement_->give_up();
  conductor_.end_now();
  changed_.notify_all();
}

// Where somebody else keeps the nodes a signal ends the controller alone: they go on, and so does its successor.
bool Controller::hands_over() const { return model_.phase == RunPhase::running && !parts_.options.launch && !down_asked_; }

void Controller::hand_over() {
  events_.publish({"run", "", "handed_over", "the controller ends; the nodes go on, and so does the run when it is back", "operator"});
  recorder_.seal(conductor_.snapshot());
}

void Controller::end_run() {
  if (model_.phase == RunPhase::running) events_.publish({"run", "", "interrupted", "the lab ends before its run", "operator"});
  recorder_.interrupt();      // no more than it is over, for a run that has its verdict
  model_.phase = RunPhase::ended;
  model_.traffic_open = false;
  for (NodeEntry& node : model_.registry.nodes()) node.no_drain = true;
  fleet_.push();
}

awaitable<void> Controller::end() {
  const bool goes_on = hands_over();
  if (goes_on) hand_over();      // with what is under way
  operations_.abandon("the lab is ending");
  lab_service_.close();
  fleet_.close();
  if (!goes_on) end_run();
  if (supervisor_) co_await supervisor_->stop(kPolite);
  recorder_.flush();
  co_await calls_.stop(RealClock::now() + kCalls);
  http_.close();
  co_await close_server();
  co_await host_.tasks.stop(RealClock::now() + kCalls);
}

// gRPC's shutdown blocks until every call has let go; the engine's thread must go on meanwhile.
awaitable<void> Controller::close_server() {
  if (!server_) co_return;
  bool closed = false;
  WaitList done;
  std::thread closer([&] {
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
    asio::post(host_.io, [&] {
      closed = true;
      done.notify_all();
    });
  });
  while (!closed) co_await done.wait(RealTime::max());
  closer.join();
  server_.reset();
}

}  // namespace chaos
