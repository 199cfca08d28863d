#include "postgres/base/lock_modes.hpp"

#include <array>

namespace chaos::pg {

namespace {

constexpr unsigned bit(LockMode mode) { return 1u << static_cast<unsigned>(mode); }

constexpr unsigned from(LockMode mode) {      // this mode and all stronger ones
  unsigned all = 0;
  for (auto m = static_cast<unsigned>(mode); m <= 8; ++m) all |= 1u << m;
  return all;
}

constexpr std::array<unsigned, 9> kConflicts{
    0,
    bit(LockMode::access_exclusive),
    from(LockMode::exclusive),
    from(LockMode::share),
    from(LockMode::share_update_exclusive),
    from(LockMode::row_exclusive) & ~bit(LockMode::share),
    from(LockMode::row_exclusive),
    from(LockMode::row_share),
    from(LockMode::access_share),
};

constexpr std::array<std::string_view, 9> kNames{
    "", "AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock",
    "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"};

}  // namespace

bool conflicts(LockMode a, LockMode b) { return (kConflicts[static_cast<std::size_t>(a)] & bit(b)) != 0; }

std::string_view mode_name(LockMode mode) { return kNames[static_cast<std::size_t>(mode)]; }

}  // namespace chaos::pg
