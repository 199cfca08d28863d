// The controller's end of NodeControl.Attach for one node.
#pragma once

#include "chaoslab/v1/node.grpc.pb.h"
#include "runtime/asio.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace chaos {

/// Reads one message at a time: the next when the engine has taken the last. Writes the newest state only: one that waits for a slow
/// node is replaced by its successor. Lives until gRPC has let go of it and nobody holds it.
class NodeLink final : public grpc::ServerBidiReactor<v1::NodeMessage, v1::DesiredState> {
 public:
  using Ptr = std::shared_ptr<NodeLink>;
  struct Handlers {                                          // on the engine's thread
    std::function<void(const Ptr&, const v1::NodeMessage&)> on_message;
    std::function<void(const Ptr&)> on_gone;                 // once
  };
  static NodeLink* open(asio::io_context& io, const Handlers& handlers);

  void send(v1::DesiredState state);                         // any thread
  void close(grpc::Status status);                           // any thread

  std::string node;                                          // engine's thread; set once its hello was accepted

 private:
  NodeLink(asio::io_context& io, const Handlers& handlers) : io_(io), handlers_(handlers) {}
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override { close(grpc::Status::CANCELLED); }
  void OnDone() override;
  void taken();
  void advance();                                            // mutex held

  asio::io_context& io_;
  const Handlers& handlers_;
  std::mutex mutex_;
  Ptr self_;
  v1::NodeMessage incoming_;
  v1::DesiredState sent_;
  std::optional<v1::DesiredState> next_;
  std::optional<grpc::Status> last_;
  bool writing_ = false;
  bool finished_ = false;
};

class NodeControlService final : public v1::NodeControl::CallbackService {
 public:
  NodeControlService(asio::io_context& io, NodeLink::Handlers handlers) : io_(io), handlers_(std::move(handlers)) {}
  grpc::ServerBidiReactor<v1::NodeMessage, v1::DesiredState>* Attach(grpc::CallbackServerContext*) override {
    return NodeLink::open(io_, handlers_);
  }

 private:
  asio::io_context& io_;
  NodeLink::Handlers handlers_;
};

}  // namespace chaos
