// A client's connection as messages: whole ones in, buffered ones out.
#pragma once

#include "runtime/node.hpp"
#include "wire/pgwire_backend.hpp"

namespace chaos::pg {

/// Data thread only; one reader and one writer at a time.
class SessionWire {
 public:
  static constexpr std::chrono::seconds kWrite{30};          // a client that takes nothing for so long is gone
  static constexpr std::size_t kFlushAt = 32 * 1024;

  explicit SessionWire(std::shared_ptr<EdgeStream> stream) : stream_(std::move(stream)) {}
  MessageDecoder& decoder() { return decoder_; }
  EdgeStream& stream() { return *stream_; }
  std::shared_ptr<EdgeStream> shared_stream() const { return stream_; }

  /// The next message; its body is valid until the next call. Errors: closed, reset, timeout, protocol, too_large.
  awaitable<Result<Message>> next(RealTime deadline);
  /// Sends what is in `out`.
  awaitable<Result<void>> flush();
  awaitable<Result<void>> flush_if_large();

  std::string out;

 private:
  std::shared_ptr<EdgeStream> stream_;
  MessageDecoder decoder_;
};

}  // namespace chaos::pg
