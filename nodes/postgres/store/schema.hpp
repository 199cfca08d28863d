// The shop's tables.
#pragma once

#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// Makes items and orders in a new database and fills items with ids 1..count, all in one transaction. An old database
/// stays as it is.
bool make_schema(Handle& handle, int count, ServerError& error);

}  // namespace chaos::pg
