#include "upstream/redis_connection.hpp"

#include "runtime/dialer.hpp"
#include "runtime/ports.hpp"

#include <array>

namespace chaos {

awaitable<Result<std::unique_ptr<RedisConnection>>> RedisConnection::open(NodeContext& ctx, v1::Peer peer,
                                                                          RealTime deadline, std::string password) {
  auto stream = co_await dial(ctx, peer, ports::kRedis, deadline);
  if (!stream) co_return stream.error();
  auto connection = std::make_unique<RedisConnection>(std::move(*stream));
  if (!password.empty()) {
    std::vector<std::string> login{"AUTH", std::move(password)};
    auto known = co_await connection->command(std::move(login), deadline);
    if (!known) co_return known.error();
    if (known->is_error()) co_return Errc::rejected;
  }
  std::vector<std::string> hello{"CLIENT", "SETNAME", ctx.name};
  auto named = co_await connection->command(std::move(hello), deadline);
  if (!named) co_return named.error();
  if (named->is_error()) co_return Errc::rejected;
  co_return std::move(connection);
}

awaitable<Result<resp::Value>> RedisConnection::command(std::vector<std::string> args, RealTime deadline) {
  out_.clear();
  resp::append_command(out_, args);
  stream_->expires_at(deadline);
  auto sent = co_await stream_->write(asio::buffer(out_));
  if (!sent) co_return sent.error();
  auto reply = co_await answer();
  stream_->expires_never();
  co_return reply;
}

awaitable<Result<resp::Value>> RedisConnection::answer() {
  std::array<char, 4096> chunk;
  resp::Value value;
  while (true) {
    const auto progress = decoder_.next(value);
    if (progress == resp::Progress::malformed) co_return Errc::protocol;
    if (progress == resp::Progress::ready && value.kind != resp::Kind::push) co_return std::move(value);
    if (progress == resp::Progress::ready) continue;
    auto got = co_await stream_->read_some(asio::buffer(chunk));
    if (!got) co_return got.error();
    decoder_.feed({chunk.data(), *got});
  }
}

}  // namespace chaos
