// Where a worker's jobs read and write: the orders in Postgres, the receipts in the object store.
#pragma once

#include "runtime/http_client.hpp"
#include "upstream/pg_connection.hpp"
#include "worker/receipt.hpp"

namespace chaos {

/// Data thread only. Errors: no_backend (no such peer), rejected (the peer refused), and those of the connections.
/// Every call may be repeated: doing it twice is doing it once.
class WorkerUpstreams {
 public:
  WorkerUpstreams(NodeContext& ctx, std::size_t max_connections) : ctx_(ctx), max_connections_(max_connections) {}
  /// After a new desired state: when a peer is another one, new calls go there; those under way end on the old.
  void follow();

  /// not_found: no such order.
  awaitable<Result<OrderRow>> order(std::int64_t id, RealTime deadline);
  /// not_found: no such order.
  awaitable<Result<void>> mark_done(std::int64_t id, RealTime deadline);
  /// PUT /receipts/{id}; makes the bucket when it is missing.
  awaitable<Result<void>> put_receipt(std::int64_t id, std::string page, RealTime deadline);

 private:
  using PgPool = Pool<PgConnection>;
  awaitable<Result<PgRows>> query(std::string sql, std::string id, RealTime deadline);
  awaitable<Result<unsigned>> put(std::string path, std::string body, RealTime deadline);
  std::shared_ptr<PgPool> postgres();
  std::shared_ptr<HttpPool> object_store();

  NodeContext& ctx_;
  std::size_t max_connections_;
  v1::Peer postgres_peer_;
  std::shared_ptr<PgPool> postgres_;
  std::shared_ptr<HttpPool> object_store_;
};

}  // namespace chaos
