// Applies records of a primary's change log to a copy of its database.
#pragma once

#include "postgres/store/handle.hpp"

#include <map>

namespace chaos::pg {

/// Text and bytes are not copied: they live until the statement has run.
void bind(sqlite3_stmt* statement, int i, const ChangeValue& value);

/// Bound to one handle, which nobody else writes through.
class ChangeApply {
 public:
  explicit ChangeApply(Handle& handle) : handle_(handle) {}
  /// All of a record, inside of a transaction that the caller began. Row changes may be applied twice without harm.
  bool apply(std::string_view record, ServerError& error);

 private:
  bool put(const Change& change, ServerError& error);
  bool erase(const Change& change, ServerError& error);
  const std::string& put_sql(std::string_view table, ServerError& error);

  Handle& handle_;
  std::map<std::string, std::string, std::less<>> put_sql_;
};

}  // namespace chaos::pg
