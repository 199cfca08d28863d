// Where faults may bend a node, as the runtime sees them. nodes/faults/fault_set.hpp is the one implementation.
#pragma once

#include "runtime/error.hpp"
#include "runtime/units.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chaos {

enum class Direction { read, write };   // seen from this process

/// The other end of a connection.
struct EdgeId {
  std::string role;    // of the peer; empty: unknown (a connection that was accepted)
  std::string node;    // of the peer; empty: unknown
  bool dialed = false; // this process opened it
};

struct EdgeVerdict {
  RealDuration delay{};  // before the bytes go on
  bool hold = false;     // nothing passes while this stands
};

struct CallVerdict {
  RealDuration delay{};
  std::optional<int> status;   // answer the protocol's error (an HTTP status) instead of serving
};

/// Data thread only. Cheap when no fault is in force: a flag is looked at.
class Seams {
 public:
  virtual ~Seams() = default;
  /// False: no fault is in force, and edge() and call() would say nothing until control comes back to the executor.
  virtual bool bends() const { return true; }
  /// Asked for each chunk of `bytes` on the edge, and with 0 bytes before a connection is opened.
  virtual EdgeVerdict edge(const EdgeId& edge, Direction direction, std::size_t bytes) = 0;
  /// Asked once for each request that the node serves.
  virtual CallVerdict call(std::string_view operation) = 0;
};

}  // namespace chaos
