#include "serve/ledger_check.hpp"

#include "runtime/http_client.hpp"
#include "runtime/ports.hpp"
#include "upstream/pg_connection.hpp"
#include "upstream/s3_sign.hpp"
#include "wire/s3.hpp"
#include "wire/s3_xml.hpp"

#include <algorithm>
#include <charconv>

namespace chaos {

namespace {

constexpr std::size_t kBatch = 5000;            // ids a query
constexpr std::size_t kMaxXml = 16 * 1024;      // elements of a page of 1000 keys

using Ids = std::vector<std::int64_t>;

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

awaitable<Result<Ids>> orders_there(NodeContext& ctx, v1::Peer peer, Ids ids, RealTime deadline) {
  PgLogin login;
  login.application_name = "ledger check";
  auto connection = co_await PgConnection::open(ctx, peer, login, deadline);
  if (!connection) co_return connection.error();
  Ids there;
  for (std::size_t from = 0; from < ids.size(); from += kBatch) {
    const std::size_t last = std::min(ids.size(), from + kBatch) - 1;
    std::vector<std::optional<std::string>> range{std::to_string(ids[from]), std::to_string(ids[last])};
    std::string sql = "SELECT id FROM orders WHERE id BETWEEN $1 AND $2";
    auto rows = co_await (*connection)->query(std::move(sql), std::move(range), deadline);
    if (!rows) co_return rows.error();
    for (const auto& row : rows->rows) {
      if (!row.empty() && row[0]) there.push_back(number(*row[0]).value_or(0));
    }
  }
  co_return there;
}

awaitable<Result<Ids>> receipts_there(NodeContext& ctx, v1::Peer peer, s3::Credentials keys, RealTime deadline) {
  HttpPool pool(ctx, peer, ports::kObjectStore, 1);
  Ids there;
  std::string token;
  do {
    HttpRequest request;
    request.target = "/receipts?list-type=2&max-keys=1000";
    if (!token.empty()) request.target += "&continuation-token=" + token;
    sign_for_store(request, peer.address(), keys);
    auto response = co_await pool.fetch(std::move(request), deadline);
    if (!response) co_return response.error();
    const auto page = response->status == 200 ? parse_receipts(response->body) : std::nullopt;
    if (!page) co_return make_error_code(Errc::protocol);
    there.insert(there.end(), page->ids.begin(), page->ids.end());
    token = s3::uri_encode(page->next);
  } while (!token.empty());
  co_return there;
}

}  // namespace

Ids missing(const Ids& wanted, Ids there) {
  std::sort(there.begin(), there.end());
  Ids out;
  std::set_difference(wanted.begin(), wanted.end(), there.begin(), there.end(), std::back_inserter(out));
  return out;
}

std::optional<ReceiptPage> parse_receipts(std::string_view xml) {
  const auto elements = s3::parse_xml(xml, kMaxXml);
  if (!elements || elements->empty() || elements->back().path != "ListBucketResult") return std::nullopt;
  ReceiptPage page;
  for (const s3::XmlElement& element : *elements) {
    if (element.path == "ListBucketResult/NextContinuationToken") page.next = element.text;
    if (element.path != "ListBucketResult/Contents/Key") continue;
    if (const auto id = number(element.text)) page.ids.push_back(*id);
  }
  return page;
}

awaitable<Result<Ids>> lost_orders(NodeContext& ctx, v1::Peer postgres, Ids ids, RealTime deadline) {
  auto there = co_await orders_there(ctx, std::move(postgres), ids, deadline);
  if (!there) co_return there.error();
  co_return missing(ids, std::move(*there));
}

awaitable<Result<Ledger>> check_ledger(NodeContext& ctx, LedgerPeers peers, Ids ids, RealTime deadline) {
  Ledger ledger;
  ledger.acknowledged = ids.size();
  if (ids.empty()) co_return ledger;
  if (!peers.postgres) co_return make_error_code(Errc::no_backend);
  auto orders = co_await orders_there(ctx, *peers.postgres, ids, deadline);
  if (!orders) co_return orders.error();
  ledger.lost = missing(ids, std::move(*orders));
  if (!peers.object_store) co_return ledger;
  auto receipts = co_await receipts_there(ctx, *peers.object_store, peers.store_keys, deadline);
  if (!receipts) co_return receipts.error();
  ledger.without_receipt = missing(ids, std::move(*receipts));
  co_return ledger;
}

}  // namespace chaos
