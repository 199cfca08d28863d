#include "postgres/store/key_text.hpp"

#include "postgres/sql/sql_token.hpp"
#include "postgres/sql/sql_types.hpp"
#include "postgres/store/change_apply.hpp"
#include "wire/pgwire_frontend.hpp"

namespace chaos::pg {

std::string key_text(Handle& handle, const std::string& table, const std::vector<std::string>& columns, const std::vector<ChangeValue>& values) {
  std::string names, quoted, marks;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string comma = i == 0 ? "" : ", ";
    names += comma + columns[i];
    quoted += comma + quote_name(columns[i]);
    marks += comma + "?" + std::to_string(i + 1);
  }
  std::string out = "Key (" + names + ")=(";
  ServerError ignored;
  const auto typed = handle.internal("SELECT " + quoted + " FROM " + quote_name(table) + " LIMIT 0", ignored);
  const auto row = handle.internal("SELECT " + marks, ignored);
  if (!typed || !row) return out + ")";
  int i = 0;
  for (const ChangeValue& value : values) bind(row.get(), ++i, value);
  std::string message;
  std::vector<std::optional<std::string>> printed;
  const bool read = sqlite3_step(row.get()) == SQLITE_ROW && append_data_row(message, row.get(), describe_columns(typed.get(), false), ignored) &&
                    parse_data_row(std::string_view(message).substr(5), printed);
  for (std::size_t at = 0; read && at < printed.size(); ++at) out += (at == 0 ? "" : ", ") + printed[at].value_or("null");
  return out + ")";
}

}  // namespace chaos::pg
