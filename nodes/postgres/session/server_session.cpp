#include "postgres/session/server.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/state/roles.hpp"

namespace chaos::pg {

namespace {

constexpr int kMostSenders = 16;                      // PostgreSQL: max_wal_senders, 10

bool wants_replication(const StartupPacket& packet) {
  const std::string_view value = packet.get("replication");
  return value == "true" || value == "on" || value == "yes" || value == "1" || value == "database";
}

// A backend is known to the others while its session lives.
class Entry {
 public:
  Entry(Backends& all, Backend& backend, std::uint64_t chance) : all_(all), backend_(backend) { all_.enter(backend_, chance); }
  ~Entry() { all_.leave(backend_, unix_now_us()); }

 private:
  Backends& all_;
  Backend& backend_;
};

template <class Map, class Value>
class Listed {
 public:
  Listed(Map& map, std::int32_t key, Value* value) : map_(map), key_(key) { map_[key_] = value; }
  ~Listed() { map_.erase(key_); }

 private:
  Map& map_;
  std::int32_t key_;
};

void fill(Backend& backend, const StartupPacket& packet, const std::string& remote) {
  const std::size_t colon = remote.rfind(':');
  backend.client_addr = remote.substr(0, colon);
  backend.client_port = colon == std::string::npos ? 0 : std::atoi(remote.c_str() + colon + 1);
  backend.user = packet.get("user");
  backend.database = packet.get("database").empty() ? packet.get("user") : packet.get("database");
  backend.application_name = packet.get("application_name");
  backend.type = wants_replication(packet) ? "walsender" : "client backend";
  backend.started_us = unix_now_us();
}

}  // namespace

std::optional<ServerError> Server::refusal(const StartupPacket& packet) const {
  if (packet.major() != 3) {
    return make_fatal("0A000", "unsupported frontend protocol " + std::to_string(packet.major()) + "." +
                                   std::to_string(packet.code & 0xffff) + ": server supports 3.0 to 3.0");
  }
  if (packet.get("user").empty()) return make_fatal("28000", "no PostgreSQL user name specified in startup packet");
  const std::string database(packet.get("database"));
  if (!database.empty() && database != kDatabase && database != kSuperuser && database != packet.get("user")) {
    return make_fatal("3D000", "database \"" + database + "\" does not exist");
  }
  if (draining_) return make_fatal("57P03", "the database system is shutting down");
  if (!engine_.database) return make_fatal("57P03", "the database system is starting up");
  if (wants_replication(packet)) {
    if (packet.get("user") != kSuperuser && packet.get("user") != kReplicator) return make_fatal("42501", "must be superuser or replication role to start walsender");
    if (recovery_) return make_fatal("0A000", "cascading replication is not supported");
    if (senders_.size() >= kMostSenders) return make_fatal("53300", "number of requested standby connections exceeds max_wal_senders");
    return std::nullopt;
  }
  const auto most = static_cast<std::size_t>(config().number("max_connections"));
  auto reserved = static_cast<std::size_t>(config().number("superuser_reserved_connections"));
  if (reserved >= most) reserved = 0;      // PostgreSQL does not start then
  if (backends_.clients() >= most) return make_fatal("53300", "sorry, too many clients already");
  if (backends_.clients() + reserved >= most && packet.get("user") != kSuperuser) {
    return make_fatal("53300", "remaining connection slots are reserved for non-replication superuser connections");
  }
  return std::nullopt;
}

void Server::greet(SessionWire& wire, const Backend& backend, const SessionSettings& settings) const {
  append_authentication_ok(wire.out);
  append_parameter_status(wire.out, "is_superuser", backend.user == kSuperuser ? "on" : "off");
  for (const char* name : {"server_version", "server_encoding", "client_encoding", "application_name", "DateStyle",
                           "IntervalStyle", "TimeZone", "integer_datetimes", "standard_conforming_strings",
                           "default_transaction_read_only", "in_hot_standby"}) {
    append_parameter_status(wire.out, name, settings.get(name).value_or(""));
  }
  append_parameter_status(wire.out, "session_authorization", backend.user);
  append_backend_key(wire.out, backend.pid, backend.secret);
}

awaitable<void> Server::serve(std::shared_ptr<EdgeStream> stream) {
  const auto wire = std::make_shared<SessionWire>(std::move(stream));
  co_await serve_on(wire);
  wire->end();
}

awaitable<void> Server::serve_on(std::shared_ptr<SessionWire> wire) {
  StartupPacket packet;
  if (!co_await startup(*wire, packet)) co_return;
  if (const auto refused = refusal(packet)) {
    engine_.metrics.refused->Increment();
    if (const auto left_out = engine_.error_log.admit(RealClock::now())) {
      ctx_.log.warn("connection_refused", {{"severity", refused->severity}, {"sqlstate", refused->sqlstate}, {"message", refused->message},
                                           {"user", std::string(packet.get("user"))}, {"client", wire->stream().remote()}, {"left_out", *left_out}});
    }
    append_error(wire->out, *refused);
    co_await wire->flush();
    co_return;
  }
  if (!co_await authenticate(*wire, std::string(packet.get("user")))) co_return;
  if (packet.code != kProtocol3) Writer(wire->out, 'v').int32(0).int32(0);   // NegotiateProtocolVersion: 3.0
  Backend backend;
  fill(backend, packet, wire->stream().remote());
  backend.tls = wire->tls();
  const Entry entry(backends_, backend, ctx_.rng.below(UINT32_MAX));
  if (backend.type == "walsender") co_await replica(wire, backend);
  else co_await client(wire, backend, packet);
}

awaitable<void> Server::client(std::shared_ptr<SessionWire> wire, Backend& backend, const StartupPacket& packet) {
  SessionSettings settings(config(), backend.user == kSuperuser);
  ServerError ignored;
  for (const auto& [name, value] : packet.parameters) {
    if (name != "user" && name != "database" && name != "options") settings.set_at_start(name, value, ignored);
  }
  greet(*wire, backend, settings);
  Session session(engine_, *wire, backend, std::move(settings));
  const Listed listed(sessions_, backend.pid, &session);
  backend.terminate = [&session] { session.terminate(true); };
  co_await session.run();
}

awaitable<void> Server::replica(std::shared_ptr<SessionWire> wire, Backend& backend) {
  greet(*wire, backend, SessionSettings(config(), backend.user == kSuperuser));
  const auto sender = std::make_shared<WalSender>(engine_, wire, backend, settings());
  const Listed listed(senders_, backend.pid, sender.get());
  backend.terminate = [wire] { wire->stream().close(); };
  co_await sender->run();
}

}  // namespace chaos::pg
