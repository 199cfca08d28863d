#include "serve/node_link.hpp"

namespace chaos {

NodeLink* NodeLink::open(asio::io_context& io, const Handlers& handlers) {
  Ptr link(new NodeLink(io, handlers));
  link->self_ = link;
  const std::lock_guard lock(link->mutex_);
  link->StartRead(&link->incoming_);
  return link.get();
}

void NodeLink::OnReadDone(bool ok) {
  if (!ok) {
    close(grpc::Status::OK);
    return;
  }
  Ptr self;
  {
    const std::lock_guard lock(mutex_);
    self = self_;
  }
  if (!self) return;
  asio::post(io_, [self] {
    self->handlers_.on_message(self, self->incoming_);
    self->taken();
  });
}

void NodeLink::taken() {
  const std::lock_guard lock(mutex_);
  if (last_ || finished_) return;
  StartRead(&incoming_);
}

void NodeLink::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (!ok) next_.reset();
  if (!ok && !last_) last_ = grpc::Status::CANCELLED;
  advance();
}

void NodeLink::OnDone() {
  Ptr self;      // outlives the lock
  const std::lock_guard lock(mutex_);
  finished_ = true;
  self.swap(self_);
  asio::post(io_, [self] { self->handlers_.on_gone(self); });
}

void NodeLink::send(v1::DesiredState state) {
  const std::lock_guard lock(mutex_);
  if (last_ || finished_) return;
  next_ = std::move(state);
  advance();
}

void NodeLink::close(grpc::Status status) {
  const std::lock_guard lock(mutex_);
  if (last_ || finished_) return;
  last_ = std::move(status);
  advance();
}

void NodeLink::advance() {
  if (writing_ || finished_) return;
  if (last_) {
    finished_ = true;
    Finish(*last_);
  } else if (next_) {
    writing_ = true;
    sent_ = std::move(*next_);
    next_.reset();
    StartWrite(&sent_);
  }
}

}  // namespace chaos
