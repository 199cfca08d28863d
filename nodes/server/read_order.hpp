// Where a read goes. Pure.
#pragma once

#include "chaoslab/v1/node.pb.h"
#include "runtime/error.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace chaos {

/// The replicas that take new reads: the active ones, or when none is active the draining ones.
std::vector<v1::Peer> reading_replicas(std::vector<v1::Peer> replicas);

/// Which of `replicas` replicas the read number `turn` goes to; nothing: to the primary.
std::optional<std::size_t> replica_for(std::uint64_t turn, std::size_t replicas);

/// True when a read that failed so at a replica goes to the primary: the replica does not serve. A time-out stays one:
/// a second wait would hold the request's slot twice as long.
bool falls_back(ErrorCode error);

/// True when a kept connection that failed so at its first use was closed by the other side while it was idle.
bool looks_stale(ErrorCode error);

}  // namespace chaos
