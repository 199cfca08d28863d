#include "postgres/state/lock_words.hpp"

#include <algorithm>
#include <tuple>

namespace chaos::pg {

namespace {

constexpr std::int64_t kRowsAPage = 128;     // the place that a row's number stands for

bool is_row(LockKind kind) { return kind == LockKind::row || kind == LockKind::key; }
bool takes_tuple(const LockWant& want) { return want.tag.kind == LockKind::row && !want.unique; }

std::int64_t transaction_of(const Backends& backends, Pid pid) {
  const auto found = backends.all().find(pid);
  return found == backends.all().end() ? 0 : found->second->transaction_id;
}

void place(LockRow& row, const LockTag& tag, const LockManager& locks) {
  if (tag.kind == LockKind::advisory) {
    row.type = "advisory";
    row.class_id = static_cast<std::int64_t>(static_cast<std::uint64_t>(tag.id) >> 32);
    row.object_id = tag.id & 0xffffffff;
    row.object_sub_id = tag.table;
    return;
  }
  row.type = tag.kind == LockKind::relation ? "relation" : "tuple";
  row.relation = locks.table_name(tag.table);
  if (tag.kind == LockKind::relation) return;
  row.page = tag.id / kRowsAPage;
  row.tuple = tag.id % kRowsAPage + 1;
}

// The first who waits for a row has the tuple's lock and waits for the holder's transaction.
void row_wait(std::vector<LockRow>& out, const LockEntry& entry, const LockManager& locks, const Backends& backends) {
  LockRow tuple{.pid = entry.pid, .mode = entry.want.mode, .granted = entry.first, .wait_start_us = entry.first ? 0 : entry.wait_start_us};
  place(tuple, entry.want.tag, locks);
  if (takes_tuple(entry.want)) out.push_back(std::move(tuple));
  if (!entry.first && takes_tuple(entry.want)) return;
  LockRow transaction{.type = "transactionid", .pid = entry.pid, .mode = LockMode::share, .granted = false, .wait_start_us = entry.wait_start_us};
  const auto blockers = locks.blockers(entry.pid);
  if (!blockers.empty()) transaction.transaction_id = transaction_of(backends, blockers.front());
  out.push_back(std::move(transaction));
}

void of_backend(std::vector<LockRow>& out, const Backend& backend) {
  if (backend.type != "client backend" || backend.transaction_us == 0) return;
  out.push_back({.type = "virtualxid", .virtual_id = backend.virtual_id(), .pid = backend.pid});
  if (backend.transaction_id == 0) return;
  out.push_back({.type = "transactionid", .transaction_id = backend.transaction_id, .pid = backend.pid});
}

}  // namespace

std::string_view wait_event(const LockWant& want, bool first_in_line) {
  if (want.tag.kind == LockKind::relation) return "relation";
  if (want.tag.kind == LockKind::advisory) return "advisory";
  return first_in_line || !takes_tuple(want) ? "transactionid" : "tuple";
}

std::string lock_text(const LockManager& locks, const Backends& backends, const LockWant& want, Pid pid) {
  const std::string mode(mode_name(want.mode));
  if (want.tag.kind == LockKind::relation) return mode + " on relation " + locks.table_name(want.tag.table);
  if (want.tag.kind == LockKind::advisory) return mode + " on advisory lock [" + std::to_string(want.tag.id) + "]";
  if (!locks.first_in_line(pid) && takes_tuple(want) && locks.waiting(pid)) {
    return mode + " on tuple (" + std::to_string(want.tag.id / kRowsAPage) + "," + std::to_string(want.tag.id % kRowsAPage + 1) + ") of relation " +
           locks.table_name(want.tag.table);
  }
  const auto blockers = locks.blockers(pid);
  return "ShareLock on transaction " + std::to_string(blockers.empty() ? 0 : transaction_of(backends, blockers.front()));
}

std::string circle_text(const LockManager& locks, const Backends& backends, const std::vector<Pid>& circle) {
  std::string out;
  for (std::size_t i = 0; i < circle.size(); ++i) {
    const LockWant* want = locks.wanted(circle[i]);
    if (!want) continue;
    out += (out.empty() ? "" : "\n") + std::string("Process ") + std::to_string(circle[i]) + " waits for " + lock_text(locks, backends, *want, circle[i]) +
           "; blocked by process " + std::to_string(circle[(i + 1) % circle.size()]) + ".";
  }
  return out;
}

std::vector<LockRow> lock_rows(const LockManager& locks, const Backends& backends) {
  std::vector<LockRow> out;
  for (const auto& [pid, backend] : backends.all()) of_backend(out, *backend);
  for (const LockEntry& entry : locks.entries()) {
    const bool row = is_row(entry.want.tag.kind);
    if (row && !entry.granted) row_wait(out, entry, locks, backends);
    if (row) continue;
    LockRow shown{.pid = entry.pid, .mode = entry.want.mode, .granted = entry.granted, .wait_start_us = entry.wait_start_us};
    place(shown, entry.want.tag, locks);
    out.push_back(std::move(shown));
  }
  std::sort(out.begin(), out.end(), [](const LockRow& a, const LockRow& b) { return std::tie(a.pid, a.type, a.relation) < std::tie(b.pid, b.type, b.relation); });
  return out;
}

}  // namespace chaos::pg
