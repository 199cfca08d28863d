// A day of the shop as a run leaves it behind: a leak in version v2 near the peak, servers killed at their memory
// limit, a restart of the fleet, a rollback. For tests of what is read from a record.
#pragma once

#include "record/record.hpp"

namespace chaos::test {

RunInfo synthetic_info();

/// Writes the whole day through `run`, a flush a lab hour, and ends it. The same every time.
void write_synthetic_day(RunWriter& run);

}  // namespace chaos::test
