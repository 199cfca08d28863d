// One connection to the node.
#pragma once

#include "redis/engine.hpp"
#include "runtime/node.hpp"
#include "wire/resp_request.hpp"

namespace chaos::redis {

/// Data thread only. Its client is in the engine's list from open() to the end of its coroutine, or of what it still sends.
struct Session : std::enable_shared_from_this<Session> {
  Session(Engine& engine, std::shared_ptr<EdgeStream> stream);
  Session(const Session&) = delete;
  ~Session();

  Engine& engine;
  std::shared_ptr<EdgeStream> stream;
  Client client;
  resp::RequestDecoder decoder;
  resp::Writer writer;
  WaitList unblocked;                // a blocking command has its answer, or the connection is closed
  WaitList sent;                     // the pump is done
  std::string sending;               // what the pump sends
  bool pumping = false;

  // The command in service; its arguments are the decoder's.
  const Row* row = nullptr;
  CallVerdict verdict;
  std::optional<RequestStats::Scope> scope;
};

}  // namespace chaos::redis
