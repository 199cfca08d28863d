// One session on a PostgreSQL node (protocol 3.0), as a client.
#pragma once

#include "upstream/pg_link.hpp"

#include <list>

namespace chaos {

struct PgRows {
  std::vector<std::string> columns;                                // empty when the statement returns no rows
  std::vector<std::vector<std::optional<std::string>>> rows;       // text format; nullopt: NULL
  std::string tag;                                                 // "INSERT 0 1", "SELECT 3"
};

/// Data thread only; one query at a time.
class PgConnection {
 public:
  /// Connects to peer:5432 and logs in (trust). Errors: those of dial; rejected when the server refuses the session
  /// (too many connections, starting up, shutting down); protocol; timeout.
  static awaitable<Result<std::unique_ptr<PgConnection>>> open(NodeContext& ctx, v1::Peer peer, PgLogin login,
                                                               RealTime deadline);
  explicit PgConnection(std::unique_ptr<PgLink> link) : link_(std::move(link)) {}

  /// One statement with parameters $1.. through the extended protocol, text format. It is prepared once a connection
  /// and sql text (the last 64 are kept).
  /// rejected: the server answered with an error, sqlstate() and error_text() say which; the connection goes on unless
  /// usable() is false (the server ended the session). Any other error (timeout, closed, reset, protocol, too_large)
  /// leaves the connection in an unknown state: discard it.
  awaitable<Result<PgRows>> query(std::string sql, std::vector<std::optional<std::string>> params, RealTime deadline);

  /// Of the last rejected query; empty when the last one succeeded.
  const std::string& sqlstate() const { return sqlstate_; }
  const std::string& error_text() const { return error_text_; }
  /// False after a fatal error or a broken exchange: must go out of its pool.
  bool usable() const { return usable_; }

 private:
  struct Prepared {
    std::string sql;
    std::string name;
    std::vector<std::string> columns;
    bool parsed = false;
  };
  struct Exchange {
    Prepared* statement;
    PgRows rows;
    bool failed = false;
    RealTime deadline;
  };
  Prepared& statement(const std::string& sql, std::string& out);
  awaitable<Result<void>> collect(Exchange& exchange);
  Result<bool> take(const pg::Message& message, Exchange& exchange);

  std::unique_ptr<PgLink> link_;
  std::list<Prepared> prepared_;     // most recently used first
  std::uint64_t names_ = 0;
  std::string sqlstate_;
  std::string error_text_;
  bool usable_ = true;
};

}  // namespace chaos
