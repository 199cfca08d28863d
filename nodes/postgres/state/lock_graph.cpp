// Who waits for whom.
#include "postgres/state/lock_manager.hpp"

#include <algorithm>

namespace chaos::pg {

const LockWant* LockManager::wanted(Pid pid) const {
  const auto found = waits_.find(pid);
  if (found == waits_.end()) return nullptr;
  const auto& queue = locks_.at(found->second).queue;
  const auto waiter = std::find_if(queue.begin(), queue.end(), [pid](const Waiter& w) { return w.pid == pid; });
  return waiter == queue.end() ? nullptr : &waiter->want;
}

std::vector<Pid> LockManager::blockers(Pid pid) const {
  std::vector<Pid> out;
  const LockWant* want = wanted(pid);
  if (!want) return out;
  const Lock& lock = locks_.at(want->tag);
  for (const Waiter& waiter : lock.queue) {
    if (waiter.pid == pid) break;
    if (conflicts(waiter.want.mode, want->mode)) out.push_back(waiter.pid);
  }
  const bool behind = want->tag.kind == LockKind::row && !out.empty();     // of a row: waits for the first in line alone
  for (const Grant& g : lock.grants) {
    if (!behind && g.pid != pid && conflicts(g.mode, want->mode)) out.push_back(g.pid);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool LockManager::walk(Pid pid, Pid target, std::vector<Pid>& path, std::vector<Pid>& seen) const {
  path.push_back(pid);
  seen.push_back(pid);
  for (const Pid next : blockers(pid)) {
    if (next == target) return true;
    if (std::find(seen.begin(), seen.end(), next) == seen.end() && walk(next, target, path, seen)) return true;
  }
  path.pop_back();
  return false;
}

std::vector<Pid> LockManager::circle(Pid pid) const {
  std::vector<Pid> path, seen;
  if (!walk(pid, pid, path, seen)) path.clear();
  return path;
}

std::vector<LockEntry> LockManager::entries() const {
  std::vector<LockEntry> out;
  for (const auto& [tag, lock] : locks_) {
    for (const Grant& g : lock.grants) out.push_back({g.pid, {tag, g.mode, g.session, g.gone}, true, false, 0});
    for (const Waiter& waiter : lock.queue) {
      out.push_back({waiter.pid, waiter.want, false, &waiter == &lock.queue.front(), waiter.since_us});
    }
  }
  return out;
}

}  // namespace chaos::pg
