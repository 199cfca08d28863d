// Who holds which lock, who waits for which, and whether they wait for each other. Pure: time comes in, nobody sleeps here.
#pragma once

#include "postgres/base/lock_modes.hpp"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace chaos::pg {

using Pid = std::int32_t;

struct LockWant {
  LockTag tag;
  LockMode mode = LockMode::exclusive;
  bool session = false;      // outlives the transaction (advisory)
  bool gone = false;         // of a row: its holder deletes it
  bool unique = false;       // of a row: waits for what becomes of its key, without the tuple's lock
};

/// One granted lock, or one that is waited for.
struct LockEntry {
  Pid pid = 0;
  LockWant want;
  bool granted = true;
  bool first = false;                 // waits, and nobody before it
  std::int64_t wait_start_us = 0;
};

/// Data thread only. An owner is a session, by its pid; it waits for one lock at a time.
class LockManager {
 public:
  /// A table's number; the same name has the same number as long as this lives.
  std::uint32_t table(std::string_view name);
  const std::string& table_name(std::uint32_t number) const { return names_[number]; }
  LockTag relation(std::string_view name) { return {LockKind::relation, table(name), 0}; }

  /// Takes the lock, or false: others hold what conflicts, or wait for it in front. What one holds is no obstacle to oneself.
  bool acquire(Pid pid, const LockWant& want);
  /// Whether acquire would fail.
  bool blocked(Pid pid, const LockWant& want) const;
  bool holds(Pid pid, const LockTag& tag, LockMode at_least) const;
  /// True when nobody else holds or waits for a table, row or key: then a statement of `pid` needs no locks.
  bool quiet(Pid pid) const;
  /// Whether another one has deleted a row of this table and not committed: its tag goes to `out`.
  bool row_gone(Pid pid, std::uint32_t table, LockTag& out) const;

  /// Queues. `changed` is called (from release, give_up) when the lock is granted, and when there is nobody in front any more.
  void wait(Pid pid, const LockWant& want, std::int64_t now_us, std::function<void()> changed);
  /// Whether it still waits: false once granted.
  bool waiting(Pid pid) const { return waits_.contains(pid); }
  bool first_in_line(Pid pid) const;
  void give_up(Pid pid);

  /// A mark for release_since; locks of the transaction that were taken after it.
  std::size_t mark(Pid pid) const;
  void release_since(Pid pid, std::size_t mark);
  void release_transaction(Pid pid) { release_since(pid, 0); }
  /// One count of a session's lock; false: it was not held.
  bool release_session(Pid pid, const LockTag& tag, LockMode mode);
  void release_session_locks(Pid pid);

  /// Whom it waits for: holders of what conflicts, and those in front that want what conflicts (of a row only these, once there
  /// are some: they have the tuple's lock). Each once, ascending.
  std::vector<Pid> blockers(Pid pid) const;
  /// The circle of waits that leads from `pid` back to it, `pid` first; empty when there is none.
  std::vector<Pid> circle(Pid pid) const;
  std::vector<LockEntry> entries() const;
  /// What it waits for; null when it does not.
  const LockWant* wanted(Pid pid) const;

 private:
  struct Grant { Pid pid; LockMode mode; bool session; bool gone; int count; };
  struct Waiter { Pid pid; LockWant want; std::int64_t since_us; std::function<void()> changed; };
  struct Lock { std::vector<Grant> grants; std::vector<Waiter> queue; };
  struct Held { LockTag tag; LockMode mode; };
  using Locks = std::unordered_map<LockTag, Lock, LockTagHash>;

  static bool held_against(const Lock& lock, Pid pid, LockMode mode);
  static bool queued_against(const Lock& lock, Pid pid, LockMode mode);
  void grant(Lock& lock, Pid pid, const LockWant& want);
  void drop(Pid pid, const LockTag& tag, LockMode mode, bool session);
  void settle(const LockTag& tag);
  void count(Pid pid, const LockTag& tag, int by);
  bool walk(Pid pid, Pid target, std::vector<Pid>& path, std::vector<Pid>& seen) const;

  Locks locks_;
  std::unordered_map<Pid, std::vector<Held>> held_;       // by transactions, in the order taken
  std::map<Pid, LockTag> waits_;
  std::unordered_map<Pid, std::size_t> data_;             // locks and waits of tables, rows, keys by owner
  std::size_t data_total_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<std::string> names_;
};

}  // namespace chaos::pg
