#include "upstream/pg_link.hpp"

#include "runtime/dialer.hpp"
#include "runtime/ports.hpp"
#include "wire/base64.hpp"
#include "wire/pgwire_frontend.hpp"

#include <array>
#include <cstdlib>

namespace chaos {

std::string database_password() {
  const char* configured = std::getenv("CHAOSLAB_POSTGRES_PASSWORD");
  return configured ? configured : "";
}

namespace {
constexpr std::size_t kMaxRecord = 40 * 1024 * 1024;   // one transaction's changes
}

awaitable<Result<std::unique_ptr<PgLink>>> PgLink::open(NodeContext& ctx, v1::Peer peer, PgLogin login,
                                                        RealTime deadline, pg::ServerError* refusal) {
  auto stream = co_await dial(ctx, peer, ports::kPostgres, deadline);
  if (!stream) co_return stream.error();
  pg::Limits limits;
  if (login.replication) limits.max_message = kMaxRecord;
  auto link = std::make_unique<PgLink>(std::move(*stream), limits);
  const std::uint64_t chance = ctx.rng.below(UINT64_MAX);
  const auto entered = co_await link->login(std::move(login), chance, deadline, refusal);
  if (!entered) co_return entered.error();
  co_return std::move(link);
}

awaitable<Result<void>> PgLink::login(PgLogin login, std::uint64_t chance, RealTime deadline, pg::ServerError* refusal) {
  std::vector<std::pair<std::string, std::string>> parameters{
      {"user", login.user}, {"database", login.database}, {"application_name", login.application_name}};
  if (login.replication) parameters.emplace_back("replication", "true");
  std::string out;
  pg::append_startup(out, parameters);
  auto sent = co_await send(out, deadline);
  if (!sent) co_return sent.error();
  pg::ScramClient scram(login.password.empty() ? database_password() : login.password, base64_encode(std::to_string(chance)));
  while (true) {
    const auto message = co_await next(deadline);
    if (!message) co_return message.error();
    std::int32_t method = 0;
    std::string_view data;
    if (message->type == 'Z') co_return boost::system::in_place_value;
    if (message->type == 'R') {
      if (!pg::parse_authentication(message->body, method, data)) co_return Errc::protocol;
      const auto stepped = co_await authenticate(method, data, scram, deadline);
      if (!stepped) co_return stepped.error();
    }
    if (message->type == 'E') {
      pg::ServerError error;
      pg::parse_error(message->body, error);
      if (refusal) *refusal = std::move(error);
      co_return Errc::rejected;
    }
  }
}

// One AuthenticationXXX: 0 is over, 10 to 12 are SASL's steps (55.3).
awaitable<Result<void>> PgLink::authenticate(std::int32_t method, std::string_view data, pg::ScramClient& scram, RealTime deadline) {
  std::string out;
  if (method == 0) co_return boost::system::in_place_value;
  if (method == 12) {
    if (!scram.verify(data)) co_return Errc::protocol;
    co_return boost::system::in_place_value;
  }
  if (method == 10) {
    pg::append_sasl_initial(out, "SCRAM-SHA-256", scram.first());
  } else {
    const auto answer = method == 11 ? scram.last(data) : std::nullopt;
    if (!answer) co_return Errc::protocol;
    pg::append_sasl_response(out, *answer);
  }
  co_return co_await send(out, deadline);
}

awaitable<Result<pg::Message>> PgLink::next(RealTime deadline) {
  std::array<char, 8192> chunk;
  while (true) {
    pg::Message message;
    switch (decoder_.next(message)) {
      case pg::Progress::ready: co_return message;
      case pg::Progress::malformed: co_return Errc::protocol;
      case pg::Progress::too_large: co_return Errc::too_large;
      case pg::Progress::more: break;
    }
    stream_->expires_at(deadline);
    const auto read = co_await stream_->read_some(asio::buffer(chunk));
    if (!read) co_return read.error();
    decoder_.feed(std::string_view(chunk.data(), *read));
  }
}

awaitable<Result<void>> PgLink::send(std::string_view bytes, RealTime deadline) {
  stream_->expires_at(deadline);
  return stream_->write(asio::buffer(bytes));
}

}  // namespace chaos
