// Lets the data thread be stopped (a pause fault) while the control link's threads can still let it go on.
#pragma once

#include "runtime/units.hpp"

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

namespace chaos {

class BlockGate {
 public:
  /// Data thread: returns when `id` is no longer wanted, at `until`, or after release_all.
  void block(const std::string& id, RealTime until);
  /// Any thread: the faults now wanted, whole.
  void wanted(std::set<std::string> ids);
  /// Any thread: nothing is wanted any more.
  void release_all() { wanted({}); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> wanted_;
};

}  // namespace chaos
