// The body of the roles postgres and replica: one database node, primary or standby as the lab's state and its data say.
#pragma once

#include "postgres/replication/promotion.hpp"
#include "postgres/replication/wal_receiver.hpp"
#include "postgres/session/server.hpp"

namespace chaos::pg {

/// What a role's configuration says of its server.
struct DatabaseSettings {
  ServerSettings server;
  int items = 0;                    // rows of a new shop; a replica makes none
};

/// What of its own log a former primary lost when it took another primary's copy.
struct Discarded {
  std::int64_t transactions = 0;
  Lsn bytes = 0;
};

/// Data thread only. A promotion that the controller orders is carried out while it serves; the way back, from primary to standby,
/// leads through a new process, as in PostgreSQL.
class DatabaseRole final : public Role, private Recovery {
 public:
  using ReadSettings = DatabaseSettings (*)(const v1::RoleConfig& config);
  DatabaseRole(NodeContext& ctx, ReadSettings read_settings);

  /// A standby without a copy waits a few seconds for its first one.
  awaitable<Result<void>> start() override;
  void reconfigure() override;
  awaitable<void> drain() override { return server_.drain(); }
  /// replication_lag_s is in lab seconds, as the lab's faults and graphs are; /metrics and SQL say real seconds.
  void report(v1::Report& out) override;

 private:
  DatabaseSettings settings() const { return read_settings_(ctx_.desired().config()); }
  bool named() const { return ctx_.desired().primary().name() == ctx_.name; }
  std::string term() const;
  void bound_memory();
  StartFacts start_facts();
  awaitable<bool> start_primary(StartAs how, ServerError& error);
  awaitable<void> start_standby(StartAs how);
  void look_back(const std::filesystem::path& file);
  void discard(const std::filesystem::path& file, Lsn fork);
  void on_copy();
  bool become_primary(ServerError& error);
  awaitable<void> promote_now();
  awaitable<void> watch();
  Result<void> failed(const ServerError& error);

  ReceiverRow receiver() const override { return receiver_.row(); }
  Lsn received() const override { return receiver_.received(); }
  Lsn applied() const override { return store_.applied(); }
  std::optional<std::int64_t> applied_at_us() const override;
  int timeline() const override { return store_.timeline(); }
  void promote() override;
  void pause(bool paused) override { receiver_.pause(paused); }
  bool paused() const override { return receiver_.paused(); }

  NodeContext& ctx_;
  ReadSettings read_settings_;
  Server server_;
  ReplicaStore store_;
  WalReceiver receiver_;
  WaitList copied_;
  std::filesystem::path first_file_;         // a database that was never a copy
  std::optional<Discarded> discarded_;
  bool following_ = false;                   // the receiver runs
  bool promoting_ = false;
};

}  // namespace chaos::pg
