#include "postgres/session_wire.hpp"

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
    stream_->expires_at(deadline);
    const auto read = co_await stream_->read_some(asio::buffer(chunk));
    if (!read) co_return read.error();
    decoder_.feed(std::string_view(chunk.data(), *read));
  }
}

awaitable<Result<void>> SessionWire::flush() {
  if (out.empty()) co_return boost::system::in_place_value;
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
