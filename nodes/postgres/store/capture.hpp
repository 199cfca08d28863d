// Records row changes while a transaction makes them (SQLite's preupdate hook).
#pragma once

#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// From now on, while handle.capturing, each row that is inserted, updated or deleted in a table that is not the server's
/// own is appended to handle.changes. What a failed statement or a rolled back savepoint wrote there is the caller's to cut off.
void register_capture(Handle& handle);

}  // namespace chaos::pg
