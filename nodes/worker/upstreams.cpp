#include "worker/upstreams.hpp"

#include "runtime/ports.hpp"
#include "upstream/s3_sign.hpp"

namespace chaos {

void WorkerUpstreams::follow() {
  const v1::Peer* postgres = ctx_.first_peer("postgres");
  if (!postgres || !same_place(*postgres, postgres_peer_)) postgres_.reset();
  const v1::Peer* store = ctx_.first_peer("object_store");
  if (object_store_ && (!store || !same_place(*store, object_store_->peer()))) object_store_.reset();
}

std::shared_ptr<WorkerUpstreams::PgPool> WorkerUpstreams::postgres() {
  const v1::Peer* peer = ctx_.first_peer("postgres");
  if (!postgres_ && peer) {
    auto make = [&ctx = ctx_, at = *peer](RealTime deadline) {
      PgLogin login;
      login.application_name = ctx.name;
      return PgConnection::open(ctx, at, std::move(login), deadline);
    };
    postgres_peer_ = *peer;
    postgres_ = std::make_shared<PgPool>(max_connections_, std::move(make));
  }
  return postgres_;
}

std::shared_ptr<HttpPool> WorkerUpstreams::object_store() {
  const v1::Peer* peer = ctx_.first_peer("object_store");
  if (!object_store_ && peer) object_store_ = std::make_shared<HttpPool>(ctx_, *peer, ports::kObjectStore, max_connections_);
  return object_store_;
}

// A kept session may have ended since: then the next one, at last a fresh one, is asked.
awaitable<Result<PgRows>> WorkerUpstreams::query(std::string sql, std::string id, RealTime deadline) {
  const auto pool = postgres();
  if (!pool) co_return Errc::no_backend;
  while (true) {
    auto session = co_await pool->acquire(deadline);
    if (!session) co_return session.error();
    std::vector<std::optional<std::string>> params{id};
    auto rows = co_await (*session)->query(sql, std::move(params), deadline);
    const bool keep = rows || (rows.error() == Errc::rejected && (*session)->usable());
    if (!keep) session->discard();
    if (rows || session->fresh() || rows.error() == Errc::rejected || rows.error() == Errc::timeout) co_return rows;
  }
}

awaitable<Result<OrderRow>> WorkerUpstreams::order(std::int64_t id, RealTime deadline) {
  auto found = co_await query("SELECT * FROM orders WHERE id = $1", std::to_string(id), deadline);
  if (!found) co_return found.error();
  if (found->rows.empty()) co_return Errc::not_found;
  OrderRow row;
  for (std::size_t at = 0; at < found->columns.size(); ++at) {
    row.emplace_back(std::move(found->columns[at]), std::move(found->rows.front()[at]));
  }
  co_return row;
}

awaitable<Result<void>> WorkerUpstreams::mark_done(std::int64_t id, RealTime deadline) {
  auto updated = co_await query("UPDATE orders SET state = 'done' WHERE id = $1", std::to_string(id), deadline);
  if (!updated) co_return updated.error();
  if (updated->tag == "UPDATE 0") co_return Errc::not_found;
  co_return boost::system::in_place_value;
}

awaitable<Result<unsigned>> WorkerUpstreams::put(std::string path, std::string body, RealTime deadline) {
  const auto pool = object_store();
  if (!pool) co_return Errc::no_backend;
  HttpRequest request;
  request.method = "PUT";
  request.target = std::move(path);
  request.headers.set("Host", pool->peer().address());
  request.headers.set("Content-Type", "text/html; charset=utf-8");
  request.body = std::move(body);
  const auto& config = ctx_.desired().config().worker();
  sign_for_store(request, pool->peer().address(), {config.access_key(), config.secret_key()});
  auto answer = co_await pool->fetch(std::move(request), deadline);
  if (!answer) co_return answer.error();
  co_return answer->status;
}

awaitable<Result<void>> WorkerUpstreams::put_receipt(std::int64_t id, std::string page, RealTime deadline) {
  auto status = co_await put(receipt_path(id), page, deadline);
  if (status && *status == 404) {
    auto made = co_await put("/receipts", {}, deadline);
    if (!made) co_return made.error();
    status = co_await put(receipt_path(id), std::move(page), deadline);
  }
  if (!status) co_return status.error();
  if (*status / 100 != 2) co_return Errc::rejected;
  co_return boost::system::in_place_value;
}

}  // namespace chaos
