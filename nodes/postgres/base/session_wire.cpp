#include "postgres/base/session_wire.hpp"

#include <array>

namespace chaos::pg {

namespace {
constexpr std::size_t kKeepCapacity = 64 * 1024;
}

awaitable<Result<Message>> SessionWire::next(RealTime deadline) {
  std::array<char, 2048> chunk;
  while (true) {
    Message message;
    switch (decoder_.next(message)) {
      case Progress::ready: co_return message;
      case Progress::malformed: co_return Errc::protocol;
      case Progress::too_large: co_return Errc::too_large;
      case Progress::more: break;
    }
    if (tls_ && tls_->over()) co_return tls_->error().empty() ? Errc::closed : Errc::reset;
    stream_->expires_at(deadline);
    const auto read = co_await stream_->read_some(asio::buffer(chunk));
    if (!read) co_return read.error();
    take(std::string_view(chunk.data(), *read));
  }
}

void SessionWire::take(std::string_view bytes) {
  if (!tls_) return decoder_.feed(bytes);
  std::string plain;
  tls_->feed(bytes, plain);
  decoder_.feed(plain);
}

awaitable<Result<void>> SessionWire::secure(std::shared_ptr<ssl_ctx_st> context, RealTime deadline) {
  std::array<char, 2048> chunk;
  tls_ = std::make_unique<TlsChannel>(std::move(context));
  while (!tls_->ready()) {
    stream_->expires_at(deadline);
    const auto read = co_await stream_->read_some(asio::buffer(chunk));
    if (!read) co_return read.error();
    take(std::string_view(chunk.data(), *read));
    const std::string answer = tls_->take_output();
    const auto sent = co_await stream_->write(asio::buffer(answer));
    if (!sent) co_return sent.error();
    if (tls_->over()) co_return Errc::protocol;
  }
  co_return boost::system::in_place_value;
}

std::optional<TlsFacts> SessionWire::tls() const { return tls_ ? std::optional(tls_->facts()) : std::nullopt; }

std::string SessionWire::last_words(std::string text) {
  if (!tls_) return text;
  tls_->seal(text);
  tls_->finish();
  return tls_->take_output();
}

void SessionWire::end() {
  const std::string bytes = last_words({});
  stream_->write_now(asio::buffer(bytes));
}

awaitable<Result<void>> SessionWire::flush() {
  if (out.empty()) co_return boost::system::in_place_value;
  if (tls_) {
    if (!tls_->seal(out)) co_return Errc::reset;
    out = tls_->take_output();
  }
  stream_->expires_after(kWrite);
  const auto sent = co_await stream_->write(asio::buffer(out));
  out.clear();
  if (out.capacity() > kKeepCapacity) std::string().swap(out);
  co_return sent;
}

awaitable<Result<void>> SessionWire::flush_if_large() {
  if (out.size() < kFlushAt) co_return boost::system::in_place_value;
  co_return co_await flush();
}

}  // namespace chaos::pg
