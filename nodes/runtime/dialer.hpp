// Opens connections to peers, through the edge faults.
#pragma once

#include "runtime/node.hpp"

namespace chaos {

/// Connects to a peer's port, at most until `deadline`. Errors: refused, timeout, reset. TCP_NODELAY is set.
awaitable<Result<std::unique_ptr<EdgeStream>>> dial(NodeContext& ctx, const v1::Peer& peer, unsigned short port,
                                                    RealTime deadline);

}  // namespace chaos
