// The wire under a PostgreSQL client: login, whole messages in and out. PgConnection runs statements over it, a replica
// its replication stream.
#pragma once

#include "runtime/node.hpp"
#include "wire/pgwire_backend.hpp"
#include "wire/scram.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chaos {

struct PgLogin {
  std::string user = "app";
  std::string database = "shop";
  std::string application_name;      // shown in pg_stat_activity
  bool replication = false;          // a walsender session instead of SQL
  std::string password;              // empty: database_password()
};

/// The password that the lab's databases demand and its nodes give: CHAOSLAB_POSTGRES_PASSWORD of the process's environment, as
/// an image's POSTGRES_PASSWORD. Empty: none is demanded (trust).
std::string database_password();

/// Data thread only; one reader and one writer at a time.
class PgLink {
 public:
  /// Connects and logs in (trust or SCRAM-SHA-256). rejected: the server refused, `refusal` (may be null) says why.
  static awaitable<Result<std::unique_ptr<PgLink>>> open(NodeContext& ctx, v1::Peer peer, PgLogin login,
                                                         RealTime deadline, pg::ServerError* refusal);
  PgLink(std::unique_ptr<EdgeStream> stream, pg::Limits limits) : stream_(std::move(stream)), decoder_(limits) {}

  /// The next message; its body is valid until the next call. Errors: timeout, closed, reset, protocol, too_large.
  awaitable<Result<pg::Message>> next(RealTime deadline);
  awaitable<Result<void>> send(std::string_view bytes, RealTime deadline);
  void close() { stream_->close(); }

 private:
  awaitable<Result<void>> login(PgLogin login, std::uint64_t chance, RealTime deadline, pg::ServerError* refusal);
  awaitable<Result<void>> authenticate(std::int32_t method, std::string_view data, pg::ScramClient& scram, RealTime deadline);

  std::unique_ptr<EdgeStream> stream_;
  pg::MessageDecoder decoder_;
};

}  // namespace chaos
