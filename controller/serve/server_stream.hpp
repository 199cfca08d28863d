// A stream from the server: the engine pushes, gRPC's threads send. Bounded: a reader that is too slow is told so.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace chaos {

/// Lives until gRPC has let go of it and nobody holds it. Every public function: any thread.
template <class T>
class ServerStream final : public grpc::ServerWriteReactor<T> {
 public:
  using Ptr = std::shared_ptr<ServerStream>;
  static Ptr open(std::size_t bound = 4096) {
    Ptr stream(new ServerStream(bound));
    stream->self_ = stream;
    return stream;
  }

  /// False when the reader is gone, or too slow: then the stream ends with RESOURCE_EXHAUSTED.
  bool push(T message) {
    const std::lock_guard lock(mutex_);
    if (ended_ || last_) return false;
    if (queue_.size() >= bound_) {
      end({grpc::StatusCode::RESOURCE_EXHAUSTED, "the reader is too slow: " + std::to_string(bound_) + " messages waited"});
      return false;
    }
    queue_.push_back(std::move(message));
    advance();
    return true;
  }
  /// Ends the stream after everything that was pushed.
  void finish(grpc::Status status) {
    const std::lock_guard lock(mutex_);
    if (ended_ || last_) return;
    last_ = std::make_unique<grpc::Status>(std::move(status));
    advance();
  }
  bool gone() const {
    const std::lock_guard lock(mutex_);
    return ended_;
  }
  /// Everything that was pushed has been sent.
  bool idle() const {
    const std::lock_guard lock(mutex_);
    return !writing_ && queue_.empty();
  }

 private:
  explicit ServerStream(std::size_t bound) : bound_(bound) {}

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) queue_.clear();
    if (!ok && !last_) last_ = std::make_unique<grpc::Status>(grpc::Status::CANCELLED);
    advance();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    if (!ended_) end(grpc::Status::CANCELLED);
  }
  void OnDone() override {
    Ptr self;      // outlives the lock
    const std::lock_guard lock(mutex_);
    ended_ = true;
    self.swap(self_);
  }

  // Mutex held.
  void advance() {
    if (writing_ || finished_) return;
    if (!queue_.empty()) {
      writing_ = true;
      sent_ = std::move(queue_.front());
      queue_.pop_front();
      this->StartWrite(&sent_);
    } else if (last_) {
      ended_ = finished_ = true;
      this->Finish(*last_);
    }
  }
  void end(grpc::Status status) {
    ended_ = true;
    queue_.clear();
    last_ = std::make_unique<grpc::Status>(std::move(status));
    advance();
  }

  const std::size_t bound_;
  mutable std::mutex mutex_;
  Ptr self_;
  std::deque<T> queue_;
  T sent_;
  std::unique_ptr<grpc::Status> last_;
  bool writing_ = false;
  bool ended_ = false;       // nothing more is sent
  bool finished_ = false;    // Finish was called
};

}  // namespace chaos
