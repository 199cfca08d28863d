// Listens on 5432 and runs sessions: the body of the roles postgres and replica.
#pragma once

#include "postgres/replication/wal_sender.hpp"
#include "postgres/session/session.hpp"
#include "runtime/listener.hpp"
#include "wire/scram.hpp"

namespace chaos::pg {

/// What a replica knows of its recovery, and what can be asked of it; the primary has none.
class Recovery {
 public:
  virtual ~Recovery() = default;
  virtual ReceiverRow receiver() const = 0;
  virtual Lsn received() const = 0;
  virtual Lsn applied() const = 0;
  virtual std::optional<std::int64_t> applied_at_us() const = 0;
  virtual int timeline() const = 0;
  virtual void promote() = 0;
  virtual void pause(bool paused) = 0;
  virtual bool paused() const = 0;
};

struct ServerSettings {
  StationSettings station;
  int max_connections = 100;
};

/// Data thread only. Destroy only after its tasks have ended.
class Server final : public Facts {
 public:
  /// recovery: null on a primary; must outlive the server.
  Server(NodeContext& ctx, ServerSettings settings, Recovery* recovery);
  ~Server() override;

  /// Reads certificate and key when ssl is on. False: they cannot be used (F0000), and nothing has changed.
  bool load_certificate(ServerError& error);
  Result<void> listen();
  void set(ServerSettings settings);
  /// Opens or makes a database file, for sessions from now on. Until the first one they are refused with 57P03.
  bool open_database(const std::filesystem::path& file, ServerError& error);
  /// Opens the database as a primary's: sessions write from their next transaction on, replicas may connect.
  bool leave_recovery(const std::filesystem::path& file, ServerError& error);
  /// Ends idle sessions with 57P01, lets statements and transactions finish, sends replicas what they lack.
  awaitable<void> drain();
  void report(v1::Report& out) const;

  Engine& engine() { return engine_; }

  Backends& backends() override { return backends_; }
  std::vector<ReplicationRow> replication() const override;
  std::optional<ReceiverRow> receiver() const override;
  bool in_recovery() const override { return in_recovery_; }
  Lsn write_lsn() const override { return engine_.database ? engine_.database->log().end() : 0; }
  std::optional<Lsn> receive_lsn() const override;
  std::optional<Lsn> replay_lsn() const override;
  std::optional<std::int64_t> replay_time_us() const override;
  std::int64_t start_time_us() const override { return started_us_; }
  std::vector<Setting> settings() const override;
  DatabaseCounts database_counts() const override;
  void equip(Handle& handle) override;
  bool save_config(ServerError& error) override;
  void reload_config() override;
  std::string address() const override { return ctx_.address; }
  std::int64_t next_transaction() const override { return engine_.database ? engine_.database->coming_transaction_id() : 1; }
  int timeline() const override;
  bool promote() override;
  bool promoting() const override { return promoting_; }
  void pause_replay(bool paused) override;
  ReplayPause replay_pause() const override;
  /// A promotion that was asked for has failed.
  void stay_in_recovery() { promoting_ = false; }
  LockManager* locks() override { return &engine_.locks; }

 private:
  void load_config();
  std::filesystem::path config_file() const { return ctx_.data_dir / "postgresql.auto.conf"; }
  awaitable<void> serve(std::shared_ptr<EdgeStream> stream);
  awaitable<void> serve_on(std::shared_ptr<SessionWire> wire);
  awaitable<bool> startup(SessionWire& wire, StartupPacket& out);              // server_startup.cpp
  awaitable<bool> answer_request(SessionWire& wire, RealTime deadline, std::int32_t code);
  awaitable<bool> authenticate(SessionWire& wire, const std::string& user);      // server_login.cpp
  std::optional<ServerError> refusal(const StartupPacket& packet) const;
  void greet(SessionWire& wire, const Backend& backend, const SessionSettings& settings) const;
  awaitable<void> client(std::shared_ptr<SessionWire> wire, Backend& backend, const StartupPacket& packet);
  awaitable<void> replica(std::shared_ptr<SessionWire> wire, Backend& backend);
  awaitable<void> keep_house();
  void prune();

  NodeContext& ctx_;
  ServerSettings settings_;
  Recovery* recovery_;
  std::atomic<bool> in_recovery_;
  std::atomic<bool> promoting_ = false;
  Engine engine_;
  Backends backends_;
  std::map<std::int32_t, Session*> sessions_;
  std::map<std::int32_t, WalSender*> senders_;
  Listener listener_;
  std::int64_t started_us_;
  std::int64_t pruned_seq_ = 0;
  std::optional<ScramSecret> secret_;                // none: trust
  std::shared_ptr<ssl_ctx_st> certificate_;          // null: connections are not encrypted
  double tps_ = 0;
  bool draining_ = false;
};

}  // namespace chaos::pg
