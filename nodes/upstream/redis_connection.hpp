// One connection to a Redis node.
#pragma once

#include "runtime/node.hpp"
#include "wire/resp_reply.hpp"

namespace chaos {

/// Data thread only; one command at a time.
class RedisConnection {
 public:
  /// Connects, logs in (AUTH, unless the password is empty) and names itself after this node (CLIENT SETNAME, so that
  /// CLIENT LIST tells who it is).
  /// Errors: those of dial; rejected when Redis refuses the connection (its maxclients) or the password.
  static awaitable<Result<std::unique_ptr<RedisConnection>>> open(NodeContext& ctx, v1::Peer peer, RealTime deadline,
                                                                  std::string password = {});
  explicit RedisConnection(std::unique_ptr<EdgeStream> stream) : stream_(std::move(stream)) {}

  /// Sends one command (RESP2) and waits for its answer. An error that Redis answers is a Value of Kind::error: the
  /// connection goes on. A Result that holds an error (timeout, closed, reset, protocol, too_large) leaves the
  /// connection in an unknown state: discard it.
  awaitable<Result<resp::Value>> command(std::vector<std::string> args, RealTime deadline);

 private:
  awaitable<Result<resp::Value>> answer();

  std::unique_ptr<EdgeStream> stream_;
  resp::ReplyDecoder decoder_;
  std::string out_;
};

}  // namespace chaos
