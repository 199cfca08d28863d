// After a run: every order that was answered with 201 is in Postgres and has its receipt in the object store.
#pragma once

#include "record/run_data.hpp"
#include "runtime/node.hpp"
#include "wire/s3_signature.hpp"

#include <functional>

namespace chaos {

struct LedgerPeers {
  std::optional<v1::Peer> postgres;
  std::optional<v1::Peer> object_store;     // none: the lab has none, receipts are not asked for
  s3::Credentials store_keys;               // of the object store; none: requests are not signed
};

/// Ids of `wanted` (ascending) that are not among `there` (in any order).
std::vector<std::int64_t> missing(const std::vector<std::int64_t>& wanted, std::vector<std::int64_t> there);

/// One page of ListObjectsV2: the keys that are numbers, and the token of the next page.
struct ReceiptPage {
  std::vector<std::int64_t> ids;
  std::string next;
};
/// None when it is no such document.
std::optional<ReceiptPage> parse_receipts(std::string_view xml);

/// Those of `ids` (ascending) whose order the database does not have.
awaitable<Result<std::vector<std::int64_t>>> lost_orders(NodeContext& ctx, v1::Peer postgres, std::vector<std::int64_t> ids, RealTime deadline);

/// Asks both stores. An error when one of them does not answer until `deadline`. ids: ascending, without repeats.
awaitable<Result<Ledger>> check_ledger(NodeContext& ctx, LedgerPeers peers, std::vector<std::int64_t> ids, RealTime deadline);

}  // namespace chaos
