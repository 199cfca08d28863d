// The stores and the queue behind a server, each call bounded in time.
#pragma once

#include "server/peer_pool.hpp"
#include "upstream/amqp_connection.hpp"
#include "upstream/pg_connection.hpp"
#include "upstream/redis_connection.hpp"

namespace chaos {

// What leaves a connection as good as before (call_upstream): an error that the peer answered in good order. A queue
// that is not found is declared anew, which only a new connection does.
inline bool survives(const RedisConnection&, ErrorCode) { return false; }
inline bool survives(const PgConnection& connection, ErrorCode error) { return error == Errc::rejected && connection.usable(); }
inline bool survives(const AmqpConnection& connection, ErrorCode error) { return error == Errc::rejected && connection.is_open(); }

// What a peer surely did not carry out. PostgreSQL's class 57P (appendix A of its manual: "operator intervention") ends a
// session: sent to an idle one it is the answer to the next statement, which was never run.
inline bool not_taken(const RedisConnection&, ErrorCode) { return false; }
inline bool not_taken(const PgConnection& connection, ErrorCode error) {
  return error == Errc::rejected && !connection.usable() && connection.sqlstate().starts_with("57P");
}
inline bool not_taken(const AmqpConnection&, ErrorCode) { return false; }

/// Rows, and the node that gave them.
struct Read {
  PgRows rows;
  std::string source;
};

/// What failed: which upstream role, and how.
struct UpstreamFailure {
  std::string_view upstream;   // a static text; empty: nothing failed
  ErrorCode error;
};

/// Data thread only. Each call ends within upstream_timeout_ms, the wait for a connection included (a read that falls
/// back to the primary: within twice that). Every failure is counted in the metrics.
class Upstreams {
 public:
  Upstreams(NodeContext& ctx, ServerMetrics& metrics);
  void reconfigure();

  /// GET of Redis: the value, nullopt when it has none. A closed connection is tried once more.
  awaitable<Result<std::optional<std::string>>> cached(std::string key);
  /// SET key value EX ttl (lab seconds).
  awaitable<Result<void>> cache(std::string key, std::string value, std::int64_t ttl_lab_s);
  /// A SELECT: round robin over the replicas, the primary when there is none or the replica does not serve.
  awaitable<Result<Read>> read(std::string sql, std::string id, UpstreamFailure& failure);
  /// One writing statement on the primary, sent at most once: an error may mean that it was carried out.
  awaitable<Result<PgRows>> write(std::string sql, std::vector<std::optional<std::string>> params);
  /// Puts a persistent message into a durable queue; success means that the broker confirmed it. It may arrive twice.
  awaitable<Result<void>> publish(std::string queue, std::string body);

  /// Something is there to read from.
  bool able() const { return !redis_.pools().empty() || !replicas_.pools().empty() || !postgres_.pools().empty(); }
  RealDuration timeout() const { return timeout_; }
  void measure();

 private:
  awaitable<Result<resp::Value>> redis(std::vector<std::string> command);
  awaitable<Result<PgRows>> select(UpstreamMetrics& metrics, std::shared_ptr<PeerPool<PgConnection>> pool, std::string sql, std::string id);
  awaitable<Result<std::unique_ptr<AmqpConnection>>> open_queue(v1::Peer peer, RealTime deadline);
  RealTime deadline() const { return ctx_.clock.now() + timeout_; }

  NodeContext& ctx_;
  RolePools<RedisConnection> redis_;
  RolePools<PgConnection> replicas_;
  RolePools<PgConnection> postgres_;
  RolePools<AmqpConnection> queue_;
  RealDuration timeout_{};
  std::uint64_t turn_ = 0;
};

/// The durable queue of the receipt jobs.
inline constexpr std::string_view kReceipts = "receipts";

}  // namespace chaos
