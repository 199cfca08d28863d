// The faults in force on this node, and the only dispatch to them.
#pragma once

#include "faults/fault.hpp"

#include <string>
#include <vector>

namespace chaos {

/// Data thread only.
class FaultSet final : public Seams {
 public:
  explicit FaultSet(std::vector<FaultEntry> table);
  ~FaultSet() override;
  /// Must be called before apply.
  void attach(FaultHost& host) { host_ = &host; }

  /// Brings the set to `wanted` by id: starts the new, ends the missing, leaves the rest. An error names a fault that
  /// this node does not know or that does not fit its role; then nothing was changed.
  Result<void> apply(const google::protobuf::RepeatedPtrField<v1::Fault>& wanted, std::string* why);
  void clear();
  bool empty() const { return active_.empty(); }
  /// Ends faults whose duration is over and frees those that have left; called every few milliseconds.
  void tick();
  void evidence(google::protobuf::RepeatedPtrField<v1::FaultEvidence>* out) const;

  bool bends() const override { return !active_.empty(); }
  EdgeVerdict edge(const EdgeId& edge, Direction direction, std::size_t bytes) override;
  CallVerdict call(std::string_view operation) override;

 private:
  struct Active;
  const FaultEntry* entry_of(const v1::Fault& spec) const;
  void start(std::unique_ptr<Fault> fault);
  void end(std::unique_ptr<Active> active);

  std::vector<FaultEntry> table_;
  FaultHost* host_ = nullptr;
  std::vector<std::unique_ptr<Active>> active_;
  std::vector<std::unique_ptr<Active>> leaving_;   // cancelled, their coroutine not gone yet
};

}  // namespace chaos
