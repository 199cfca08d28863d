// Arrays as PostgreSQL's text of them: '{1,2,"a b",NULL}'. One dimension. Source: PostgreSQL 15 documentation, 8.15 and 9.19.
#include "postgres/base/array_text.hpp"
#include "postgres/functions/function_tools.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

using Context = FunctionContext;
using Values = FunctionValues;

std::optional<std::vector<ArrayItem>> items_of(Context context, sqlite3_value* value) {
  if (is_null(value)) return std::nullopt;
  auto items = read_array(text_of(value));
  if (!items) fail_with(context, "22P02", "malformed array literal: \"" + std::string(text_of(value)) + "\"");
  return items;
}

void make_array(Context context, int count, Values values) {
  std::vector<ArrayItem> items;
  for (int i = 0; i < count; ++i) items.push_back(is_null(values[i]) ? ArrayItem{} : ArrayItem{std::string(text_of(values[i]))});
  answer(context, write_array(items));
}

bool is_number(const std::string& text) {
  const std::size_t from = text.starts_with('-') ? 1 : 0;
  return text.size() > from && text.size() < 19 && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         (text.size() == from + 1 || text[from] != '0');
}

std::string json_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ') {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", byte);
      out += code;
      continue;
    }
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

// As a JSON list for json_each: whole numbers stay numbers.
void array_json(Context context, int, Values values) {
  const auto items = items_of(context, values[0]);
  if (!items) return is_null(values[0]) ? answer(context, "[]") : void();
  std::string out = "[";
  for (const ArrayItem& item : *items) {
    out += (out.size() > 1 ? "," : "") + (!item ? std::string("null") : is_number(*item) ? *item : json_string(*item));
  }
  answer(context, out + "]");
}

void array_item(Context context, int count, Values values) {
  const auto items = items_of(context, values[0]);
  if (!items || count < 2 || is_null(values[1])) return;
  const std::int64_t i = sqlite3_value_int64(values[1]);
  if (i < 1 || i > static_cast<std::int64_t>(items->size())) return;
  const ArrayItem& item = (*items)[static_cast<std::size_t>(i - 1)];
  if (item && is_number(*item)) sqlite3_result_int64(context, std::atoll(item->c_str()));
  else if (item) answer(context, *item);
}

void array_length(Context context, int, Values values) {
  const auto items = items_of(context, values[0]);
  if (items && !items->empty()) sqlite3_result_int64(context, static_cast<std::int64_t>(items->size()));
}
void cardinality(Context context, int, Values values) {
  const auto items = items_of(context, values[0]);
  if (items) sqlite3_result_int64(context, static_cast<std::int64_t>(items->size()));
}

void array_to_string(Context context, int count, Values values) {
  const auto items = items_of(context, values[0]);
  if (!items || is_null(values[1])) return;
  std::string out;
  bool first = true;
  for (const ArrayItem& item : *items) {
    if (!item && count < 3) continue;
    out.append(first ? "" : text_of(values[1])).append(item ? std::string_view(*item) : text_of(values[2]));
    first = false;
  }
  answer(context, out);
}

void string_to_array(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string_view delimiter = text_of(values[1]);
  std::string_view text = text_of(values[0]);
  std::vector<ArrayItem> items;
  while (!text.empty()) {
    const std::size_t at = delimiter.empty() ? std::string_view::npos : text.find(delimiter);
    items.emplace_back(std::string(text.substr(0, at)));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + delimiter.size());
    if (text.empty()) items.emplace_back("");
  }
  answer(context, write_array(items));
}

int compare(sqlite3_value* a, sqlite3_value* b) {
  if (is_text(a) || is_text(b)) return text_of(a).compare(text_of(b));
  const double left = sqlite3_value_double(a), right = sqlite3_value_double(b);
  return left < right ? -1 : left > right;
}

// greatest() and least() leave NULLs out, unlike SQLite's max() and min().
void extreme(Context context, int count, Values values, int sign) {
  sqlite3_value* best = nullptr;
  for (int i = 0; i < count; ++i) {
    if (!is_null(values[i]) && (!best || compare(values[i], best) * sign > 0)) best = values[i];
  }
  if (best) sqlite3_result_value(context, best);
}
void greatest(Context context, int count, Values values) { extreme(context, count, values, 1); }
void least(Context context, int count, Values values) { extreme(context, count, values, -1); }

constexpr FunctionEntry kFunctions[] = {
    {"pg_array", -1, make_array}, {"pg_array_json", 1, array_json}, {"pg_array_item", -1, array_item}, {"array_length", 2, array_length},
    {"array_upper", 2, array_length}, {"cardinality", 1, cardinality}, {"array_to_string", 2, array_to_string}, {"array_to_string", 3, array_to_string},
    {"string_to_array", 2, string_to_array}, {"pg_greatest", -1, greatest}, {"pg_least", -1, least},
};

}  // namespace

void register_array_functions(Handle& handle) { register_pure(handle, kFunctions, std::size(kFunctions)); }

}  // namespace chaos::pg
