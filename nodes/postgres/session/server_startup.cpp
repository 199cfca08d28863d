// The packets before a session: encryption is agreed on or declined, a cancel request carried out.
// Source: PostgreSQL 15 documentation, 55.2.10 "SSL Session Encryption", 55.2.11 "GSSAPI Session Encryption".
#include "postgres/session/server.hpp"

#include "postgres/base/sql_error.hpp"

namespace chaos::pg {

namespace {

constexpr std::chrono::seconds kStartup{10};          // PostgreSQL: authentication_timeout, 60 s

}  // namespace

// True: `out` asks for a session, or for what cannot be asked here: refusal() says so.
awaitable<bool> Server::startup(SessionWire& wire, StartupPacket& out) {
  wire.decoder().expect_startup(true);
  const RealTime deadline = RealClock::now() + kStartup;
  bool may_ask_ssl = true, may_ask_gss = true;
  while (true) {
    const auto message = co_await wire.next(deadline);
    if (!message || !parse_startup(message->body, out)) co_return false;
    if (out.code == kCancelCode) {
      backends_.cancel(out.pid, out.secret);
      co_return false;
    }
    const bool ssl = out.code == kSslCode && may_ask_ssl, gss = out.code == kGssCode && may_ask_gss;
    if (!ssl && !gss) break;
    if (!co_await answer_request(wire, deadline, out.code)) co_return false;
    (ssl ? may_ask_ssl : may_ask_gss) = false;
    if (wire.tls()) may_ask_gss = false;
  }
  wire.decoder().expect_startup(false);
  co_return true;
}

// False: the connection is over. What came behind the request was not encrypted, and whoever can write into the connection may
// have put it there (CVE-2021-23214): as in PostgreSQL the client learns of it over the encrypted connection.
awaitable<bool> Server::answer_request(SessionWire& wire, RealTime deadline, std::int32_t code) {
  const auto certificate = code == kSslCode ? certificate_ : nullptr;
  const bool injected = !wire.decoder().idle();
  wire.out.push_back(certificate ? 'S' : 'N');
  const auto answered = co_await wire.flush();
  if (!answered) co_return false;
  if (certificate) {
    const auto secured = co_await wire.secure(certificate, deadline);
    const auto left_out = secured ? std::nullopt : engine_.error_log.admit(RealClock::now());
    if (left_out) {
      const std::string why = secured.error() == make_error_code(Errc::protocol) ? wire.tls_error() : secured.error() == make_error_code(Errc::closed) ? "EOF detected" : secured.error().message();
      ctx_.log.warn("ssl_refused", {{"message", "could not accept SSL connection: " + why}, {"client", wire.stream().remote()}, {"left_out", *left_out}});
    }
    if (!secured) co_return false;
  }
  if (!injected) co_return true;
  ServerError error = make_fatal("08P01", code == kSslCode ? "received unencrypted data after SSL request" : "received unencrypted data after GSSAPI encryption request");
  error.detail = "This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.";
  append_error(wire.out, error);
  co_await wire.flush();
  co_return false;
}

}  // namespace chaos::pg
