// What SQL functions that ask the server need beside function_tools.hpp.
#pragma once

#include "postgres/base/sql_error.hpp"
#include "postgres/functions/function_tools.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/state/roles.hpp"

namespace chaos::pg {

using Context = FunctionContext;
using Values = FunctionValues;

inline Handle& handle_of(Context context) { return *static_cast<Handle*>(sqlite3_user_data(context)); }
inline Facts& facts_of(Context context) { return handle_of(context).facts(); }

/// The session that calls; null: none, the server asks itself.
inline Backend* caller(Context context) { return handle_of(context).backend; }
inline bool superuser(Context context) { return !caller(context) || caller(context)->user == kSuperuser; }
/// Of a function that PostgreSQL grants to superusers alone: true when the caller is one, else the statement fails with 42501.
inline bool permitted(Context context, const std::string& function) {
  if (!superuser(context)) fail_with(context, "42501", "permission denied for function " + function);
  return superuser(context);
}
/// A WARNING beside the statement's answer.
inline void warn(Context context, std::string message) {
  if (caller(context)) caller(context)->notices.push_back({"WARNING", "01000", std::move(message), {}, {}, 0});
}

/// Functions that are not of their arguments alone.
template <std::size_t N>
void register_all(Handle& handle, const FunctionEntry (&entries)[N]) {
  for (const FunctionEntry& entry : entries) {
    sqlite3_create_function_v2(handle.db(), entry.name, entry.arguments, SQLITE_UTF8, &handle, entry.run, nullptr, nullptr, nullptr);
  }
}

}  // namespace chaos::pg
