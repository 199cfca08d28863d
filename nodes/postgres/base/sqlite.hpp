// SQLite with the interfaces that Debian's build has on and its header hides.
#pragma once

#define SQLITE_ENABLE_PREUPDATE_HOOK
#include <sqlite3.h>

#include <memory>

namespace chaos::pg {

struct FinalizeStatement { void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); } };
using StatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

struct CloseDatabase { void operator()(sqlite3* db) const { sqlite3_close_v2(db); } };
using DatabasePtr = std::unique_ptr<sqlite3, CloseDatabase>;

}  // namespace chaos::pg
