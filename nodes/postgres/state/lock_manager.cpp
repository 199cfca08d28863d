#include "postgres/state/lock_manager.hpp"

#include <algorithm>

namespace chaos::pg {

std::uint32_t LockManager::table(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  names_.emplace_back(name);
  return numbers_.emplace(name, static_cast<std::uint32_t>(names_.size() - 1)).first->second;
}

bool LockManager::held_against(const Lock& lock, Pid pid, LockMode mode) {
  return std::any_of(lock.grants.begin(), lock.grants.end(), [&](const Grant& g) { return g.pid != pid && conflicts(g.mode, mode); });
}

// Those in front, or everybody when it does not wait itself.
bool LockManager::queued_against(const Lock& lock, Pid pid, LockMode mode) {
  for (const Waiter& waiter : lock.queue) {
    if (waiter.pid == pid) return false;
    if (conflicts(waiter.want.mode, mode)) return true;
  }
  return false;
}

bool LockManager::blocked(Pid pid, const LockWant& want) const {
  const auto found = locks_.find(want.tag);
  if (found == locks_.end()) return false;
  const Lock& lock = found->second;
  if (held_against(lock, pid, want.mode)) return true;
  const bool mine = std::any_of(lock.grants.begin(), lock.grants.end(), [pid](const Grant& g) { return g.pid == pid; });
  return !mine && queued_against(lock, pid, want.mode);
}

bool LockManager::acquire(Pid pid, const LockWant& want) {
  if (blocked(pid, want)) return false;
  grant(locks_[want.tag], pid, want);
  return true;
}

bool LockManager::holds(Pid pid, const LockTag& tag, LockMode at_least) const {
  const auto found = locks_.find(tag);
  if (found == locks_.end()) return false;
  return std::any_of(found->second.grants.begin(), found->second.grants.end(),
                     [&](const Grant& g) { return g.pid == pid && g.mode >= at_least; });
}

void LockManager::count(Pid pid, const LockTag& tag, int by) {
  if (tag.kind == LockKind::advisory) return;
  std::size_t& mine = data_[pid];
  mine = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(mine) + by);
  data_total_ = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(data_total_) + by);
  if (mine == 0) data_.erase(pid);
}

bool LockManager::quiet(Pid pid) const {
  if (data_total_ == 0) return true;
  const auto mine = data_.find(pid);
  return mine != data_.end() && mine->second == data_total_;
}

// Rows have one grant an owner, the strongest; tables one a mode.
void LockManager::grant(Lock& lock, Pid pid, const LockWant& want) {
  const bool row = want.tag.kind == LockKind::row || want.tag.kind == LockKind::key;
  for (Grant& g : lock.grants) {
    if (g.pid != pid || g.session != want.session || (!row && g.mode != want.mode)) continue;
    g.mode = std::max(g.mode, want.mode);
    g.gone |= want.gone;
    ++g.count;
    return;
  }
  lock.grants.push_back({pid, want.mode, want.session, want.gone, 1});
  count(pid, want.tag, 1);
  if (!want.session) held_[pid].push_back({want.tag, want.mode});
}

bool LockManager::row_gone(Pid pid, std::uint32_t table, LockTag& out) const {
  for (const auto& [tag, lock] : locks_) {
    if (tag.kind != LockKind::row || tag.table != table) continue;
    const bool gone = std::any_of(lock.grants.begin(), lock.grants.end(), [pid](const Grant& g) { return g.pid != pid && g.gone; });
    if (!gone) continue;
    out = tag;
    return true;
  }
  return false;
}

// One that holds a part already stands before those who wait for it to give that up: behind them it would be a deadlock.
// Source: PostgreSQL 15, src/backend/storage/lmgr/README, "the deadlock detection algorithm" (ProcSleep).
void LockManager::wait(Pid pid, const LockWant& want, std::int64_t now_us, std::function<void()> changed) {
  Lock& lock = locks_[want.tag];
  const auto waits_for_me = [&](const Waiter& waiter) {
    return std::any_of(lock.grants.begin(), lock.grants.end(), [&](const Grant& g) { return g.pid == pid && conflicts(g.mode, waiter.want.mode); });
  };
  const auto place = std::find_if(lock.queue.begin(), lock.queue.end(), waits_for_me);
  const auto behind = place != lock.queue.end() ? place->changed : nullptr;
  lock.queue.insert(place, {pid, want, now_us, std::move(changed)});
  if (behind) behind();
  waits_[pid] = want.tag;
  count(pid, want.tag, 1);
  settle(want.tag);
}

bool LockManager::first_in_line(Pid pid) const {
  const auto found = waits_.find(pid);
  return found != waits_.end() && locks_.at(found->second).queue.front().pid == pid;
}

void LockManager::give_up(Pid pid) {
  const auto found = waits_.find(pid);
  if (found == waits_.end()) return;
  const LockTag tag = found->second;
  waits_.erase(found);
  std::erase_if(locks_.at(tag).queue, [pid](const Waiter& w) { return w.pid == pid; });
  count(pid, tag, -1);
  settle(tag);
}

// Grants what can be granted now, in the order of the queue, and tells those whose place changed.
void LockManager::settle(const LockTag& tag) {
  const auto found = locks_.find(tag);
  if (found == locks_.end()) return;
  Lock& lock = found->second;
  const Pid front = lock.queue.empty() ? 0 : lock.queue.front().pid;
  std::vector<std::function<void()>> told;
  for (std::size_t i = 0; i < lock.queue.size();) {
    const Waiter& waiter = lock.queue[i];
    if (held_against(lock, waiter.pid, waiter.want.mode) || queued_against(lock, waiter.pid, waiter.want.mode)) {
      ++i;
      continue;
    }
    const Waiter granted = std::move(lock.queue[i]);
    lock.queue.erase(lock.queue.begin() + static_cast<std::ptrdiff_t>(i));
    waits_.erase(granted.pid);
    count(granted.pid, tag, -1);
    grant(lock, granted.pid, granted.want);
    told.push_back(granted.changed);
  }
  if (!lock.queue.empty() && (lock.queue.front().pid != front || !told.empty())) told.push_back(lock.queue.front().changed);
  if (lock.queue.empty() && lock.grants.empty()) locks_.erase(found);
  for (const auto& changed : told) {
    if (changed) changed();
  }
}

std::size_t LockManager::mark(Pid pid) const {
  const auto found = held_.find(pid);
  return found == held_.end() ? 0 : found->second.size();
}

void LockManager::drop(Pid pid, const LockTag& tag, LockMode mode, bool session) {
  const auto found = locks_.find(tag);
  if (found == locks_.end()) return;
  const bool row = tag.kind == LockKind::row || tag.kind == LockKind::key;
  const auto erased = std::erase_if(found->second.grants, [&](const Grant& g) {
    return g.pid == pid && g.session == session && (row || g.mode == mode);
  });
  if (erased == 0) return;
  count(pid, tag, -static_cast<int>(erased));
  settle(tag);
}

void LockManager::release_since(Pid pid, std::size_t mark) {
  const auto found = held_.find(pid);
  if (found == held_.end()) return;
  const std::vector<Held> gone(found->second.begin() + static_cast<std::ptrdiff_t>(std::min(mark, found->second.size())), found->second.end());
  found->second.resize(std::min(mark, found->second.size()));
  if (found->second.empty()) held_.erase(found);
  for (const Held& held : gone) drop(pid, held.tag, held.mode, false);
}

bool LockManager::release_session(Pid pid, const LockTag& tag, LockMode mode) {
  const auto found = locks_.find(tag);
  if (found == locks_.end()) return false;
  for (Grant& g : found->second.grants) {
    if (g.pid != pid || !g.session || g.mode != mode) continue;
    if (--g.count == 0) drop(pid, tag, mode, true);
    return true;
  }
  return false;
}

void LockManager::release_session_locks(Pid pid) {
  std::vector<Held> mine;
  for (const auto& [tag, lock] : locks_) {
    for (const Grant& g : lock.grants) {
      if (g.pid == pid && g.session) mine.push_back({tag, g.mode});
    }
  }
  for (const Held& held : mine) drop(pid, held.tag, held.mode, true);
}

}  // namespace chaos::pg
