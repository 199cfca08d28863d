#include "faults/fault_set.hpp"

#include <algorithm>

namespace chaos {

// A process fault's coroutine lives in its fault: the task is cancelled first and the fault freed when it has left.
struct FaultSet::Active {
  std::string id;
  std::unique_ptr<Fault> fault;      // empty: its duration is over; kept so that it is not started anew
  EdgeFault* edge = nullptr;
  CallFault* call = nullptr;
  std::unique_ptr<TaskGroup> task;   // of a process fault
  std::uint64_t bites = 0;           // of a fault that is over

  bool idle() const { return !task || task->size() == 0; }
};

namespace {

std::string stem_of(const v1::Fault& spec) {
  const auto* kind = spec.GetDescriptor()->FindOneofByName("kind");
  const auto* field = spec.GetReflection()->GetOneofFieldDescriptor(spec, kind);
  return field ? field->name() : std::string{};
}

bool targets(const v1::Fault& spec, const EdgeId& edge) {
  const std::string& to = spec.target().edge_to();
  if (to.empty()) return !edge.dialed;             // aimed at the node itself: what comes in
  return edge.dialed && (to == edge.role || to == edge.node);
}

EdgeVerdict merge(EdgeVerdict a, EdgeVerdict b) { return {a.delay + b.delay, a.hold || b.hold}; }

}  // namespace

FaultSet::FaultSet(std::vector<FaultEntry> table) : table_(std::move(table)) {}
FaultSet::~FaultSet() = default;

const FaultEntry* FaultSet::entry_of(const v1::Fault& spec) const {
  const std::string stem = stem_of(spec);
  const auto found = std::find_if(table_.begin(), table_.end(), [&](const FaultEntry& e) { return e.stem == stem; });
  return found == table_.end() ? nullptr : &*found;
}

Result<void> FaultSet::apply(const google::protobuf::RepeatedPtrField<v1::Fault>& wanted, std::string* why) {
  for (const v1::Fault& spec : wanted) {
    if (entry_of(spec)) continue;
    *why = "role " + host_->node.role + " has no fault \"" + stem_of(spec) + "\"";
    return Errc::invalid;
  }
  for (auto& active : active_) {
    const auto same = [&](const v1::Fault& spec) { return spec.id() == active->id; };
    if (std::none_of(wanted.begin(), wanted.end(), same)) end(std::move(active));
  }
  std::erase(active_, nullptr);
  for (const v1::Fault& spec : wanted) {
    const auto same = [&](const auto& active) { return active->id == spec.id(); };
    if (std::none_of(active_.begin(), active_.end(), same)) start(entry_of(spec)->make(spec, host_->node));
  }
  return boost::system::in_place_value;
}

void FaultSet::start(std::unique_ptr<Fault> fault) {
  auto active = std::make_unique<Active>();
  active->id = fault->spec().id();
  active->edge = dynamic_cast<EdgeFault*>(fault.get());
  active->call = dynamic_cast<CallFault*>(fault.get());
  if (auto* process = dynamic_cast<ProcessFault*>(fault.get())) {
    auto failed = [this](const std::string& name, const std::string& what) {
      host_->node.log.error("fault_failed", {{"task", name}, {"what", what}});
    };
    active->task = std::make_unique<TaskGroup>(host_->node.io.get_executor(), std::move(failed));
    active->task->spawn("fault", process->run(*host_));
  }
  if (auto* state = dynamic_cast<StateFault*>(fault.get())) state->begin(*host_);
  active->fault = std::move(fault);
  active_.push_back(std::move(active));
}

void FaultSet::end(std::unique_ptr<Active> active) {
  if (active->idle()) return;      // destroyed here, and what it did is undone
  active->task->cancel();
  leaving_.push_back(std::move(active));
}

void FaultSet::clear() {
  for (auto& active : active_) end(std::move(active));
  active_.clear();
}

void FaultSet::tick() {
  std::erase_if(leaving_, [](const auto& active) { return active->idle(); });
  const LabTime now = host_->node.clock.lab_now();
  for (auto& active : active_) {
    if (!active->fault || !Envelope(active->fault->spec()).over(now)) continue;
    auto rest = std::make_unique<Active>();
    rest->id = active->id;
    rest->bites = active->fault->bites();
    std::swap(active, rest);
    end(std::move(rest));
  }
}

void FaultSet::evidence(google::protobuf::RepeatedPtrField<v1::FaultEvidence>* out) const {
  for (const auto& active : active_) {
    auto* one = out->Add();
    one->set_id(active->id);
    one->set_bites(active->fault ? active->fault->bites() : active->bites);
  }
}

EdgeVerdict FaultSet::edge(const EdgeId& edge, Direction direction, std::size_t bytes) {
  EdgeVerdict verdict;
  for (auto& active : active_) {
    if (!active->edge || !targets(active->fault->spec(), edge)) continue;
    if (!active->fault->hits()) continue;
    const EdgeVerdict one = active->edge->on_bytes(direction, bytes);
    if (one.hold || one.delay > RealDuration::zero()) active->fault->bite();
    verdict = merge(verdict, one);
  }
  return verdict;
}

CallVerdict FaultSet::call(std::string_view) {
  CallVerdict verdict;
  for (auto& active : active_) {
    if (!active->call || !active->fault->strikes()) continue;
    const CallVerdict one = active->call->on_call();
    verdict.delay += one.delay;
    if (one.status) verdict.status = one.status;
  }
  return verdict;
}

}  // namespace chaos
