// A client's connection as messages: whole ones in, buffered ones out, encrypted or not. What encrypts stands between the
// messages and the stream, so that edge faults and deadlines meet encrypted bytes as they meet others.
#pragma once

#include "runtime/node.hpp"
#include "wire/pgwire_backend.hpp"
#include "wire/tls.hpp"

#include <memory>
#include <optional>
#include <string>

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

  /// Encrypts from now on, after the handshake: the server's side of 55.2.10 "SSL Session Encryption" once 'S' was sent.
  /// What the decoder holds was not encrypted. Errors: those of the stream; protocol, of which tls_error() tells more.
  awaitable<Result<void>> secure(std::shared_ptr<ssl_ctx_st> context, RealTime deadline);
  /// How the connection is encrypted; nullopt: not at all.
  std::optional<TlsFacts> tls() const;
  std::string tls_error() const { return tls_ ? tls_->error() : std::string(); }

  /// The next message; its body is valid until the next call. Errors: closed, reset, timeout, protocol, too_large.
  awaitable<Result<Message>> next(RealTime deadline);
  /// Sends what is in `out`.
  awaitable<Result<void>> flush();
  awaitable<Result<void>> flush_if_large();
  /// The bytes with which `text` and the end of what this side says go over the stream.
  std::string last_words(std::string text);
  /// Tells a client that nothing further comes, if that can be done at once.
  void end();

  std::string out;

 private:
  void take(std::string_view bytes);

  std::shared_ptr<EdgeStream> stream_;
  MessageDecoder decoder_;
  std::unique_ptr<TlsChannel> tls_;      // null: not encrypted
};

}  // namespace chaos::pg
