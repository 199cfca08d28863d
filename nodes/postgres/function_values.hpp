// What SQL functions that ask the server need beside function_tools.hpp.
#pragma once

#include "postgres/facts.hpp"
#include "postgres/function_tools.hpp"

namespace chaos::pg {

using Context = FunctionContext;
using Values = FunctionValues;

inline Handle& handle_of(Context context) { return *static_cast<Handle*>(sqlite3_user_data(context)); }
inline Facts& facts_of(Context context) { return handle_of(context).facts(); }

/// Functions that are not of their arguments alone.
template <std::size_t N>
void register_all(Handle& handle, const FunctionEntry (&entries)[N]) {
  for (const FunctionEntry& entry : entries) {
    sqlite3_create_function_v2(handle.db(), entry.name, entry.arguments, SQLITE_UTF8, &handle, entry.run, nullptr, nullptr, nullptr);
  }
}

}  // namespace chaos::pg
