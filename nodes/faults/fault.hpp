// What a fault is. One seam, one base class; a fault's file derives from one of them and ends with its entry.
#pragma once

#include "chaoslab/v1/fault.pb.h"
#include "runtime/node.hpp"

namespace chaos {

/// How strong a fault is over time, from its ramp and duration. Pure.
class Envelope {
 public:
  explicit Envelope(const v1::Fault& fault);
  /// 0 before the start and after the end, then rising to 1 over the ramp.
  double level(LabTime now) const;
  bool over(LabTime now) const;

 private:
  LabTime start_;
  LabDuration ramp_;
  LabDuration duration_;
};

/// What a fault may reach on its node.
struct FaultHost {
  NodeContext& node;
  /// Blocks the data thread until the fault `id` is no longer desired, or `until` (a pause that ends by itself).
  std::function<void(const std::string& id, RealTime until)> block;
};

/// Common to all seams. Data thread only. Destroyed when cleared; the destructor undoes what it did.
class Fault {
 public:
  Fault(const v1::Fault& spec, const NodeContext& node);
  virtual ~Fault() = default;
  const v1::Fault& spec() const { return spec_; }
  /// True when this occasion is hit: probability times the envelope's level.
  bool hits() { return rng_.chance(spec_.probability() * level()); }
  /// It changed something.
  void bite() { ++bites_; }
  /// hits, and then a bite: for what changes something whenever it hits.
  bool strikes();
  double level() const;      // of the envelope, now
  std::uint64_t bites() const { return bites_; }

 protected:
  Rng& rng() { return rng_; }

 private:
  v1::Fault spec_;
  const NodeContext& node_;
  Envelope envelope_;
  Rng rng_;
  std::uint64_t bites_ = 0;
};

/// Bends the bytes of the edges that it targets. Asked only for chunks it hit; a bite when it says more than nothing.
class EdgeFault : public Fault {
 public:
  using Fault::Fault;
  virtual EdgeVerdict on_bytes(Direction direction, std::size_t bytes) = 0;
};

/// Bends one request. Asked only for requests it struck.
class CallFault : public Fault {
 public:
  using Fault::Fault;
  virtual CallVerdict on_call() = 0;
};

/// Bends the process: run() starts when the fault comes into force and is cancelled when it is cleared.
class ProcessFault : public Fault {
 public:
  using Fault::Fault;
  virtual awaitable<void> run(FaultHost& host) = 0;
};

/// Bends what one role remembers: begin() when it comes into force, the destructor when it is cleared.
/// The role's state is found in host.node.states by the name that the role documents.
class StateFault : public Fault {
 public:
  using Fault::Fault;
  virtual void begin(FaultHost& host) = 0;
};

/// One row of the table that the build makes of the fault files (nodes/faults/CMakeLists.txt): each file NAME.cpp
/// defines `FaultEntry NAME_fault();` in namespace chaos::faults. The seam is read from the proto.
struct FaultEntry {
  std::string_view stem;   // the field of v1::Fault.kind
  std::unique_ptr<Fault> (*make)(const v1::Fault& spec, const NodeContext& node);
};

template <class F>
std::unique_ptr<Fault> make_fault(const v1::Fault& spec, const NodeContext& node) {
  return std::make_unique<F>(spec, node);
}

}  // namespace chaos
