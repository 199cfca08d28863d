#include "postgres/functions/function_tools.hpp"

#include <cctype>

namespace chaos::pg {

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return {text ? text : "", static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

void answer(FunctionContext context, std::string_view text) {
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void fail_with(FunctionContext context, std::string_view sqlstate, std::string_view message, std::string_view hint, std::string_view detail) {
  std::string text = "\x01";
  text.append(sqlstate).append(message);
  if (!hint.empty() || !detail.empty()) text.append("\x01").append(hint);
  if (!detail.empty()) text.append("\x01").append(detail);
  sqlite3_result_error(context, text.data(), static_cast<int>(text.size()));
}

void fail_with(FunctionContext context, const ServerError& error) {
  const std::string text = "\x01" + error.sqlstate + error.message + "\x01" + error.hint + "\x01" + error.detail + "\x01" + error.context;
  sqlite3_result_error(context, text.data(), static_cast<int>(text.size()));
}

void register_pure(Handle& handle, const FunctionEntry* entries, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    sqlite3_create_function_v2(handle.db(), entries[i].name, entries[i].arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                               &handle, entries[i].run, nullptr, nullptr, nullptr);
  }
}

}  // namespace chaos::pg
