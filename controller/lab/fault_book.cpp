#include "lab/fault_book.hpp"

#include "runtime/random.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace chaos {

namespace {

bool aimed_at(const BookedFault& booked, const std::string& node) {
  return std::find(booked.nodes.begin(), booked.nodes.end(), node) != booked.nodes.end();
}

bool expired(const BookedFault& booked, LabTime now) {
  const double duration = booked.fault.duration_lab_s();
  return duration > 0 && now >= LabTime{booked.fault.start_lab_us()} + LabDuration::from_seconds(duration);
}

bool over(const BookedFault& booked, LabTime now) { return booked.done.size() == booked.nodes.size() || expired(booked, now); }

}  // namespace

std::uint64_t BookedFault::bites_total() const {
  return std::accumulate(bites.begin(), bites.end(), bites_before, [](std::uint64_t sum, const auto& one) { return sum + one.second; });
}

bool BookedFault::ended_with_process(LabTime now) const {
  return done.size() == nodes.size() && !expired(*this, now) && !fault_meta(fault).one_shot();
}

Answer<const BookedFault*> FaultBook::inject(Injection injection, const Registry& registry) {
  BookedFault booked;
  booked.fault = std::move(injection.fault);
  apply_presets(booked.fault);
  if (auto checked = check_fault(booked.fault, registry, injection.primary); !checked) return checked.error();
  booked.fault.set_id(fmt::format("f{}", next_id_));
  if (booked.fault.seed() == 0) booked.fault.set_seed(Rng(run_seed_).child("fault " + booked.fault.id()).below(std::uint64_t{1} << 53) + 1);
  booked.fault.set_start_lab_us(injection.now.us);
  booked.nodes = aim(booked.fault, registry);
  booked.origin = std::move(injection.origin);
  booked.hidden = injection.hidden;
  if (booked.nodes.empty()) {
    return Refusal{Refusal::Kind::not_now, fmt::format("no node of {} is to serve", target_text(booked.fault.target()))};
  }
  ++next_id_;
  faults_.push_back(std::move(booked));
  return &faults_.back();
}

Answer<void> FaultBook::clear(const std::string& id, bool see_hidden) {
  std::vector<std::string> ids;
  for (const BookedFault& booked : faults_) {
    if (!booked.hidden || see_hidden) ids.push_back(booked.fault.id());
  }
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
    const std::string rest = ids.empty() ? "none is in force" : fmt::format("in force: {}", fmt::join(ids, ", "));
    return Refusal{Refusal::Kind::not_found, fmt::format("no fault \"{}\"; {}", id, rest)};
  }
  std::erase_if(faults_, [&](const BookedFault& booked) { return booked.fault.id() == id; });
  return boost::system::in_place_value;
}

std::vector<std::string> FaultBook::clear_all(bool see_hidden) {
  std::vector<std::string> ids;
  std::erase_if(faults_, [&](const BookedFault& booked) {
    if (booked.hidden && !see_hidden) return false;
    ids.push_back(booked.fault.id());
    return true;
  });
  return ids;
}

void FaultBook::restore(std::vector<BookedFault> faults, std::uint64_t next_id, bool lost_data) {
  faults_ = std::move(faults);
  next_id_ = std::max<std::uint64_t>(next_id, 1);
  lost_data_ = lost_data;
}

bool FaultBook::evidence(const NodeEntry& node, const v1::Report& report) {
  bool ended = false;
  for (const v1::FaultEvidence& seen : report.evidence()) {
    const auto found = std::find_if(faults_.begin(), faults_.end(), [&](const BookedFault& b) { return b.fault.id() == seen.id(); });
    if (found == faults_.end()) continue;
    found->bites[node.name] = seen.bites();
    if (seen.bites() == 0) continue;
    lost_data_ = lost_data_ || fault_meta(found->fault).loses_data();
    if (fault_meta(found->fault).one_shot()) ended = found->done.insert(node.name).second || ended;
  }
  return ended;
}

bool FaultBook::process_ended(const std::string& node) {
  bool ended = false;
  for (BookedFault& booked : faults_) {
    if (!aimed_at(booked, node)) continue;
    const auto bites = booked.bites.extract(node);
    if (bites) booked.bites_before += bites.mapped();
    if (outlives_process(booked.fault) || !booked.done.insert(node).second) continue;
    ended = true;
    // A process that its fault killed could not report the bite.
    if (!fault_meta(booked.fault).one_shot() || (bites && bites.mapped() > 0)) continue;
    ++booked.bites_before;
    lost_data_ = lost_data_ || fault_meta(booked.fault).loses_data();
  }
  return ended;
}

std::vector<BookedFault> FaultBook::sweep(LabTime now) {
  std::vector<BookedFault> out;
  for (const BookedFault& booked : faults_) {
    if (over(booked, now)) out.push_back(booked);
  }
  std::erase_if(faults_, [&](const BookedFault& booked) { return over(booked, now); });
  return out;
}

bool FaultBook::carries(const BookedFault& booked, const NodeEntry& node) const {
  if (!node.wanted() || !aimed_at(booked, node.name) || booked.done.contains(node.name)) return false;
  return booked.fault.in_version().empty() || booked.fault.in_version() == node.version;
}

std::vector<v1::Fault> FaultBook::carried_by(const NodeEntry& node) const {
  std::vector<v1::Fault> out;
  for (const BookedFault& booked : faults_) {
    if (carries(booked, node)) out.push_back(booked.fault);
  }
  return out;
}

std::vector<std::string> FaultBook::carriers(const BookedFault& booked, const Registry& registry) const {
  std::vector<std::string> out;
  for (const NodeEntry& node : registry.nodes()) {
    if (carries(booked, node)) out.push_back(node.name);
  }
  return out;
}

const BookedFault* FaultBook::find(const std::string& id) const {
  const auto found = std::find_if(faults_.begin(), faults_.end(), [&](const BookedFault& b) { return b.fault.id() == id; });
  return found == faults_.end() ? nullptr : &*found;
}

}  // namespace chaos
