// All that SQL may call and read on this server and that SQLite does not have.
#pragma once

#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// Gives a new handle the functions and the catalog's tables: what Facts::equip() of a real server does.
void equip_handle(Handle& handle);

}  // namespace chaos::pg
