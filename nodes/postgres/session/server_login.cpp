// SCRAM-SHA-256 when a password is configured (database_password()). Source: PostgreSQL 15 documentation, 55.3.1.
#include "postgres/session/server.hpp"

#include "postgres/base/sql_error.hpp"
#include "wire/base64.hpp"

namespace chaos::pg {

namespace {

constexpr std::chrono::seconds kLogin{10};      // PostgreSQL: authentication_timeout, 60 s
constexpr std::string_view kMechanism = "SCRAM-SHA-256";

awaitable<bool> refuse(SessionWire& wire, ServerError error) {
  append_error(wire.out, error);
  co_await wire.flush();
  co_return false;
}

// The bytes of the client's next message of type 'p'; nullopt: it is gone, or sent another one.
awaitable<std::optional<std::string>> password_message(SessionWire& wire) {
  const auto sent = co_await wire.flush();
  if (!sent) co_return std::nullopt;
  const auto message = co_await wire.next(RealClock::now() + kLogin);
  if (!message || message->type != 'p') co_return std::nullopt;
  co_return std::string(message->body);
}

}  // namespace

awaitable<bool> Server::authenticate(SessionWire& wire, const std::string& user) {
  if (!secret_) co_return true;
  const ServerError malformed = make_fatal("08P01", "malformed SCRAM message");
  ScramServer scram(*secret_, base64_encode(std::to_string(ctx_.rng.below(UINT64_MAX)) + std::to_string(ctx_.rng.below(UINT64_MAX))));
  append_sasl(wire.out, kMechanism);
  const auto initial = co_await password_message(wire);
  if (!initial) co_return false;
  std::string_view mechanism, data;
  if (!parse_sasl_initial(*initial, mechanism, data)) co_return co_await refuse(wire, malformed);
  if (mechanism != kMechanism) co_return co_await refuse(wire, make_fatal("08P01", "client selected an invalid SASL authentication mechanism"));
  const auto challenge = scram.first(data);
  if (!challenge) co_return co_await refuse(wire, malformed);
  append_sasl_step(wire.out, 11, *challenge);
  const auto answer = co_await password_message(wire);
  if (!answer) co_return false;
  std::string proof;
  const auto verdict = scram.last(*answer, proof);
  if (verdict == ScramServer::Verdict::malformed) co_return co_await refuse(wire, malformed);
  if (verdict == ScramServer::Verdict::wrong) {
    engine_.metrics.refused->Increment();
    co_return co_await refuse(wire, make_fatal("28P01", "password authentication failed for user \"" + user + "\""));
  }
  append_sasl_step(wire.out, 12, proof);
  co_return true;
}

}  // namespace chaos::pg
