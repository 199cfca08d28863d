// A key as DETAIL shows it.
#pragma once

#include "postgres/state/change_record.hpp"
#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// "Key (a, b)=(1, x)", the values printed as the columns' types are.
std::string key_text(Handle& handle, const std::string& table, const std::vector<std::string>& columns, const std::vector<ChangeValue>& values);

}  // namespace chaos::pg
