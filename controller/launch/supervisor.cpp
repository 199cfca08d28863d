#include "launch/supervisor.hpp"

#include "launch/log_file.hpp"
#include "runtime/last_words.hpp"
#include "runtime/sleep.hpp"

#include <algorithm>
#include <csignal>
#include <set>
#include <unistd.h>

namespace chaos {

namespace {

constexpr RealDuration kReap = std::chrono::seconds(1);    // from SIGKILL until the kernel has let go
constexpr RealDuration kBrief = std::chrono::seconds(1);   // a process that ends by itself sooner did not work
constexpr RealDuration kStage = std::chrono::milliseconds(120);   // for a stage to end before the next is told
constexpr RealDuration kLeast = std::chrono::milliseconds(300);   // from SIGTERM to SIGKILL, also of a stage that was told late
constexpr RealDuration kRetry = std::chrono::seconds(1);   // after a start that failed

TaskGroup::OnFailure tell(const Supervisor::Handlers& handlers) {
  return [&handlers](const std::string& name, const std::string& what) { handlers.on_failure(name, what); };
}

}  // namespace

Supervisor::Supervisor(asio::io_context& io, LaunchSettings settings, Handlers handlers)
    : io_(io), settings_(std::move(settings)), handlers_(std::move(handlers)), tasks_(io.get_executor(), tell(handlers_)),
      insisting_(io.get_executor(), tell(handlers_)) {}

Supervisor::~Supervisor() = default;

std::vector<std::string> Supervisor::command_line(const LaunchNode& node) const {
  return {settings_.binary.string(), node.role, "--name", node.name, "--listen", node.address, "--controller", settings_.controller,
          "--data", (settings_.nodes_dir / node.name).string(), "--last-words", std::to_string(kLastWordsDescriptor),
          "--parent", std::to_string(getpid())};
}

void Supervisor::keep(const LaunchNode& node) {
  auto& kept = kept_[node.name];
  kept = std::make_unique<Kept>();
  kept->node = node;
  rotate_log(log_path(settings_.logs_dir, node.name));
  tasks_.spawn(node.name, run(*kept));
}

awaitable<void> Supervisor::run(Kept& kept) {
  while (!stopping_) {
    const Command command{command_line(kept.node), log_path(settings_.logs_dir, kept.node.name)};
    auto started = Process::start(io_, command);
    if (!started) {
      handlers_.on_failure(kept.node.name, settings_.binary.string() + ": " + started.error().message());
      co_await kept.wake.wait(RealClock::now() + kRetry);
      continue;
    }
    kept.process = std::move(*started);
    kept.asked = false;
    const RealTime born = RealClock::now();
    handlers_.on_start(kept.node.name, kept.process->pid());
    ProcessEnd end = co_await kept.process->wait();
    kept.process.reset();
    ended_.notify_all();
    end.asked = kept.asked || stopping_;
    handlers_.on_end(kept.node.name, end);
    const RealDuration lived = RealClock::now() - born;
    const bool polite = end.asked || (!end.signaled && end.value == 0 && lived >= kBrief);   // told by its desired state to end
    const RealDuration wait = kept.back_off.next(lived, polite);
    if (!stopping_ && wait > RealDuration::zero()) co_await kept.wake.wait(RealClock::now() + wait);
  }
}

void Supervisor::restart(const std::string& node, RealDuration insist_after) {
  const auto found = kept_.find(node);
  if (found == kept_.end()) return;
  found->second->wake.notify_all();
  if (!found->second->process) return;
  found->second->asked = true;
  found->second->process->signal(SIGTERM);
  insisting_.spawn("insist", insist(node, found->second->process->pid(), insist_after));
}

awaitable<void> Supervisor::insist(std::string node, int pid, RealDuration after) {
  co_await sleep_real(after);
  const auto found = kept_.find(node);
  if (found != kept_.end() && found->second->process && found->second->process->pid() == pid) found->second->process->signal(SIGKILL);
}

int Supervisor::pid(const std::string& node) const {
  const auto found = kept_.find(node);
  return found == kept_.end() || !found->second->process ? 0 : found->second->process->pid();
}

void Supervisor::kill(const std::string& node) {
  const auto found = kept_.find(node);
  if (found == kept_.end() || !found->second->process) return;
  found->second->asked = true;
  found->second->process->signal(SIGKILL);
}

bool Supervisor::lives(int stage) const {
  return std::any_of(kept_.begin(), kept_.end(), [&](const auto& one) { return one.second->node.end_stage == stage && one.second->process; });
}

awaitable<void> Supervisor::stop_stage(int stage, RealTime killed_at) {
  const RealTime now = RealClock::now();
  for (const auto& [name, kept] : kept_) {
    if (kept->node.end_stage == stage) restart(name, std::max(kLeast, killed_at - now));
  }
  while (lives(stage) && RealClock::now() < now + kStage) co_await ended_.wait(now + kStage);
}

awaitable<void> Supervisor::stop(RealDuration insist_after) {
  stopping_ = true;
  std::set<int> stages;
  for (const auto& [name, kept] : kept_) stages.insert(kept->node.end_stage);
  const RealTime killed_at = RealClock::now() + insist_after;
  for (const int stage : stages) co_await stop_stage(stage, killed_at);
  co_await tasks_.join(RealClock::now() + std::max(kLeast, insist_after) + kReap);
  co_await insisting_.stop(RealClock::now() + kReap);
  co_await tasks_.stop(RealClock::now() + kReap);
}

}  // namespace chaos
