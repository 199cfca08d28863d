#include "serve/fleet.hpp"

#include "launch/exit_cause.hpp"
#include "runtime/memory.hpp"
#include "serve/host.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos {

namespace {

constexpr RealDuration kAtOnce = std::chrono::milliseconds(50);
constexpr std::size_t kMaxName = 64;
constexpr RealDuration kGone = std::chrono::seconds(2);      // without a link or a report
constexpr RealDuration kInsist = std::chrono::seconds(1);    // beyond the grace, from SIGTERM to SIGKILL

grpc::Status refused(const Refusal& refusal) {
  const bool unknown = refusal.kind == Refusal::Kind::not_found;
  return {unknown ? grpc::StatusCode::NOT_FOUND : grpc::StatusCode::INVALID_ARGUMENT, refusal.text};
}

}  // namespace

std::string_view phase_word(v1::Phase phase) {
  switch (phase) {
    case v1::PHASE_STANDBY: return "standby";
    case v1::PHASE_BOOTING: return "booting";
    case v1::PHASE_READY: return "ready";
    case v1::PHASE_DRAINING: return "draining";
    case v1::PHASE_STOPPING: return "stopping";
    default: return "unknown";
  }
}

NodeLink::Handlers Fleet::link_handlers() {
  return {[this](const NodeLink::Ptr& link, const v1::NodeMessage& m) { message(link, m); }, [this](const NodeLink::Ptr& link) { gone(link); }};
}

void Fleet::message(const NodeLink::Ptr& link, const v1::NodeMessage& message) {
  if (message.has_hello() && link->node.empty()) hello(link, message.hello());
  else if (message.has_report() && !link->node.empty()) report(link, message.report());
  else link->close({grpc::StatusCode::INVALID_ARGUMENT, "hello comes first, and once"});
}

// One process a node: two of one name would take turns for ever.
std::string Fleet::why_refuse(const v1::Hello& hello) const {
  if (closed_) return "the lab is ending";
  if (hello.name().size() > kMaxName) return fmt::format("a name of {} bytes; allowed: at most {}", hello.name().size(), kMaxName);
  const NodeEntry* node = model_.registry.find(hello.name());
  const int child = supervisor_ && node ? supervisor_->pid(hello.name()) : 0;
  if (child != 0 && hello.pid() != child) return fmt::format("{} is process {} of this lab, not {}", hello.name(), child, hello.pid());
  const bool other = node && node->attached && !node->is(hello);
  if (other && RealClock::now() - node->report_at < kGone) return fmt::format("another process is {} already", hello.name());
  return {};
}

void Fleet::hello(const NodeLink::Ptr& link, const v1::Hello& hello) {
  if (const std::string why = why_refuse(hello); !why.empty()) {
    log_.warn("node_refused", {{"name", hello.name()}, {"why", why}});
    link->close({grpc::StatusCode::ALREADY_EXISTS, why});
    return;
  }
  NodeEntry* before = model_.registry.find(hello.name());
  if (before && !supervisor_ && before->pid != 0 && !before->is(hello)) lost(*before);     // it went unseen
  auto node = model_.registry.hello(hello, RealClock::now());
  if (!node) {
    log_.warn("node_refused", {{"name", hello.name()}, {"why", node.error().text}});
    link->close(refused(node.error()));
    return;
  }
  link->node = hello.name();
  auto& current = links_[hello.name()];
  if (current) current->close({grpc::StatusCode::ABORTED, "another process of this name has attached"});
  current = link;
  revisions_.forget(hello.name());
  push();
  changed_.notify_all();
}

void Fleet::report(const NodeLink::Ptr& link, const v1::Report& report) {
  if (on_report_) on_report_(report);
  NodeEntry* node = model_.registry.find(link->node);
  if (!node || links_[link->node] != link) return;
  const bool refuses = !report.refusal().empty() && report.refusal() != node->report.refusal();
  if (refuses) log_.error("state_refused", {{"of", node->name}, {"why", report.refusal()}});
  tell_orders(*node, report);
  if (model_.registry.report(*node, report, RealClock::now())) phase_changed(*node);
  if (model_.faults.evidence(*node, report)) push();
  changed_.notify_all();
}

// What somebody ordered at a load balancer's runtime API is an operator's action, like what chaosctl orders. A new process
// of the load balancer has forgotten its orders: that is told by its start.
void Fleet::tell_orders(const NodeEntry& lb, const v1::Report& report) {
  if (report.servers().empty() || report.pid() != lb.report.pid()) return;
  for (const v1::ServerAtLb& now : report.servers()) {
    const auto& before = lb.report.servers();
    const auto was = std::find_if(before.begin(), before.end(), [&now](const auto& one) { return one.server() == now.server(); });
    const std::string old = was == before.end() ? "" : was->ordered();
    if (old == now.ordered()) continue;
    const std::string word = now.ordered().empty() ? "ready" : now.ordered();
    events_.publish({"action", now.server(), word, fmt::format("set to {} by the runtime API of {}", word, lb.name), "operator"});
  }
}

void Fleet::phase_changed(const NodeEntry& node) {
  const std::string word(phase_word(node.report.phase()));
  events_.publish({"node", node.name, word, fmt::format("is {} ({})", word, node.version), "supervisor"});
}

void Fleet::gone(const NodeLink::Ptr& link) {
  const auto found = links_.find(link->node);
  if (found == links_.end() || found->second != link) return;
  links_.erase(found);
  NodeEntry* node = model_.registry.find(link->node);
  if (!node || !node->attached) return;
  model_.registry.detached(*node);
  changed_.notify_all();
}

void Fleet::sweep() {
  if (supervisor_ || closed_) return;
  for (NodeEntry& node : model_.registry.nodes()) {
    if (node.pid != 0 && !node.attached && RealClock::now() - node.report_at >= kGone) lost(node);
  }
}

// Without a supervisor the link is all that is known of a process.
void Fleet::lost(NodeEntry& node) {
  const bool stopped = node.recycling || node.report.phase() == v1::PHASE_STOPPING;
  const ExitCause cause = unseen_end({stopped, node.report.resident_bytes(), node.report.memory_limit_bytes()});
  ended(node, cause);
}

void Fleet::ended(NodeEntry& node, const ExitCause& cause) {
  if (cause.word != "stopped") ++node.deaths;
  model_.registry.ended(node, fmt::format("{} at {}", cause.text, lab_clock_text(model_.lab_s())));
  events_.publish({"node", node.name, cause.word, "ended: " + cause.text, "supervisor"});
  if (model_.faults.process_ended(node.name)) push();
  changed_.notify_all();
}

void Fleet::process_started(const std::string& name, int pid) {
  if (NodeEntry* node = model_.registry.find(name)) node->pid = pid;
}

void Fleet::process_ended(const std::string& name, ProcessEnd end) {
  NodeEntry* node = model_.registry.find(name);
  if (!node) return;
  end.resident_bytes = node->report.resident_bytes();
  end.memory_limit_bytes = node->report.memory_limit_bytes();
  end.kernel_limit = container_memory_limit() != 0;
  ended(*node, exit_cause(end));
}

void Fleet::push() {
  const LabState lab = model_.state();
  for (auto& [name, link] : links_) {
    NodeEntry* node = model_.registry.find(name);
    if (!node || !node->attached) continue;
    auto next = revisions_.next(name, desired_state(lab, *node));
    if (!next) continue;
    node->sent_revision = next->revision();
    link->send(std::move(*next));
  }
}

void Fleet::set_duty(const std::string& name, v1::Duty duty) {
  NodeEntry* node = model_.registry.find(name);
  if (!node || node->duty == duty) return;
  if (!node->wanted()) node->version = node->wanted_version;
  node->was_stopped = duty == v1::DUTY_STANDBY;
  node->duty = duty;
  model_.bill(node->role);
}

void Fleet::restart(const std::string& name, bool at_once, LabDuration grace) {
  NodeEntry* node = model_.registry.find(name);
  if (!node) return;
  node->no_drain = at_once;
  node->recycling = supervisor_ == nullptr;
  push();
  if (supervisor_) supervisor_->restart(name, at_once ? kAtOnce : model_.clock.to_real(grace) + kInsist);
}

void Fleet::kill(const std::string& name) {
  if (supervisor_) supervisor_->kill(name);
}

awaitable<InForce> Fleet::in_force(std::vector<std::string> nodes, RealTime deadline) {
  struct Wanted {
    std::uint32_t incarnation;
    std::uint64_t revision;
  };
  InForce out;
  std::map<std::string, Wanted> wanted;
  for (const std::string& name : nodes) {
    const NodeEntry* node = model_.registry.find(name);
    if (node && node->attached) wanted[name] = {node->incarnation, node->sent_revision};
    else out.gone.push_back(name);
  }
  while (true) {
    for (auto one = wanted.begin(); one != wanted.end();) {
      const NodeEntry* node = model_.registry.find(one->first);
      const bool same = node->attached && node->incarnation == one->second.incarnation;
      const bool waits = same && node->report.revision() < one->second.revision;
      if (!same) out.ended.push_back(one->first);
      if (waits && !node->report.refusal().empty()) out.refusal = one->first + ": " + node->report.refusal();
      one = waits ? std::next(one) : wanted.erase(one);
    }
    const bool over = wanted.empty() || !out.refusal.empty();
    if (over || !co_await changed_.wait(deadline)) break;
  }
  for (const auto& [name, state] : wanted) out.silent.push_back(name);
  co_return out;
}

}  // namespace chaos
