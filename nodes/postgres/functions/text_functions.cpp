// Strings in SQL. Source: PostgreSQL 15 documentation, 9.4 "String Functions and Operators" and 9.7 "Pattern Matching".
#include "postgres/functions/function_tools.hpp"

#include <algorithm>
#include <regex>
#include <vector>

namespace chaos::pg {

namespace {

using Context = FunctionContext;
using Values = FunctionValues;

constexpr std::size_t kMostBytes = 16 * 1024 * 1024;

// x ILIKE pattern; SQLite calls match(pattern, x).
void ilike(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string pattern(text_of(values[0])), text(text_of(values[1]));
  sqlite3_result_int(context, sqlite3_strlike(pattern.c_str(), text.c_str(), '\\') == 0);
}

// Kept with the statement, so that a scan compiles a pattern once. Lengths are bounded: std::regex recurses over the text.
const std::regex* compiled(Context context, sqlite3_value* value, int argument) {
  if (const void* kept = sqlite3_get_auxdata(context, argument)) return static_cast<const std::regex*>(kept);
  std::string_view pattern = text_of(value);
  if (pattern.size() > 256) {
    fail_with(context, "54000", "regular expression is too long");
    return nullptr;
  }
  auto flags = std::regex::ECMAScript | std::regex::optimize;
  if (pattern.starts_with("(?i)")) pattern.remove_prefix(4), flags |= std::regex::icase;
  try {
    auto regex = std::make_unique<std::regex>(pattern.begin(), pattern.end(), flags);
    sqlite3_set_auxdata(context, argument, regex.release(), [](void* p) { delete static_cast<std::regex*>(p); });
    return static_cast<const std::regex*>(sqlite3_get_auxdata(context, argument));
  } catch (const std::regex_error& error) {
    fail_with(context, "2201B", std::string("invalid regular expression: ") + error.what());
    return nullptr;
  }
}

// x ~ pattern; SQLite calls regexp(pattern, x).
void regexp(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::regex* regex = compiled(context, values[0], 0);
  const std::string_view text = text_of(values[1]).substr(0, 2048);
  if (regex) sqlite3_result_int(context, std::regex_search(text.begin(), text.end(), *regex));
}

// regexp_replace(text, pattern, by [, 'g'])
void regexp_replace(Context context, int count, Values values) {
  if (is_null(values[0]) || is_null(values[1]) || is_null(values[2])) return;
  const std::regex* regex = compiled(context, values[1], 1);
  if (!regex) return;
  const std::string text(text_of(values[0]).substr(0, 8192));
  std::string by;
  for (const char c : text_of(values[2])) by += c == '\\' ? '$' : c;      // \1 is $1 there
  const bool all = count > 3 && text_of(values[3]).find('g') != std::string_view::npos;
  answer(context, std::regex_replace(text, *regex, by, all ? std::regex_constants::format_default : std::regex_constants::format_first_only));
}

void concat(Context context, int count, Values values) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text_of(values[i]);
  answer(context, out);
}

void concat_with(Context context, int count, Values values) {
  if (count == 0 || is_null(values[0])) return;
  const std::string separator(text_of(values[0]));
  std::string out;
  bool first = true;
  for (int i = 1; i < count; ++i) {
    if (is_null(values[i])) continue;
    out.append(first ? "" : separator).append(text_of(values[i]));
    first = false;
  }
  answer(context, out);
}

// Where the characters of a text begin: bytes that do not continue one.
std::vector<std::size_t> characters(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xc0) != 0x80) starts.push_back(i);
  }
  return starts;
}

// left(text, n) and right(text, n); a negative n leaves out so many from the other end.
void cut(Context context, Values values, bool left) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string_view text = text_of(values[0]);
  const std::vector<std::size_t> starts = characters(text);
  const auto count = static_cast<std::int64_t>(starts.size());
  const std::int64_t asked = std::clamp<std::int64_t>(sqlite3_value_int64(values[1]), -count, count);
  const std::int64_t kept = asked < 0 ? count + asked : asked;
  const auto at = static_cast<std::size_t>(left ? kept : count - kept);
  const std::size_t byte = at < starts.size() ? starts[at] : text.size();
  answer(context, left ? text.substr(0, byte) : text.substr(byte));
}
void left(Context context, int, Values values) { cut(context, values, true); }
void right(Context context, int, Values values) { cut(context, values, false); }

void pad(Context context, int count, Values values, bool left_side) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string_view text = text_of(values[0]);
  const std::string fill(count > 2 ? text_of(values[2]) : " ");
  const std::vector<std::size_t> starts = characters(text);
  const auto want = static_cast<std::size_t>(std::clamp<std::int64_t>(sqlite3_value_int64(values[1]), 0, 1'000'000));
  if (want <= starts.size()) return answer(context, text.substr(0, want < starts.size() ? starts[want] : text.size()));
  std::string padding;
  for (std::size_t i = 0; i < want - starts.size() && !fill.empty(); ++i) padding += fill[i % fill.size()];
  answer(context, left_side ? padding + std::string(text) : std::string(text) + padding);
}
void lpad(Context context, int count, Values values) { pad(context, count, values, true); }
void rpad(Context context, int count, Values values) { pad(context, count, values, false); }

void repeat(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string_view text = text_of(values[0]);
  const std::int64_t count = std::max<std::int64_t>(sqlite3_value_int64(values[1]), 0);
  if (!text.empty() && static_cast<std::size_t>(count) > kMostBytes / text.size()) return fail_with(context, "54000", "requested length too large");
  std::string out;
  for (std::int64_t i = 0; i < count && !text.empty(); ++i) out += text;
  answer(context, out);
}

void reverse(Context context, int, Values values) {
  if (is_null(values[0])) return;
  const std::string_view text = text_of(values[0]);
  std::vector<std::size_t> starts = characters(text);
  std::string out;
  std::size_t end = text.size();
  for (auto at = starts.rbegin(); at != starts.rend(); ++at) out += text.substr(*at, end - *at), end = *at;
  answer(context, out);
}

void initcap(Context context, int, Values values) {
  if (is_null(values[0])) return;
  std::string out(text_of(values[0]));
  bool inside = false;
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) c = static_cast<char>(inside ? std::tolower(byte) : std::toupper(byte));
    inside = byte >= 0x80 || std::isalnum(byte) != 0;
  }
  answer(context, out);
}

// split_part(text, delimiter, n); a negative n counts from the end.
void split_part(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1]) || is_null(values[2])) return;
  const std::string_view text = text_of(values[0]), delimiter = text_of(values[1]);
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (std::size_t at = delimiter.empty() ? std::string_view::npos : text.find(delimiter); at != std::string_view::npos; at = text.find(delimiter, from)) {
    parts.push_back(text.substr(from, at - from));
    from = at + delimiter.size();
  }
  parts.push_back(text.substr(from));
  const std::int64_t n = sqlite3_value_int64(values[2]), count = static_cast<std::int64_t>(parts.size());
  if (n == 0) return fail_with(context, "22023", "field position must not be zero");
  const std::int64_t i = n > 0 ? n - 1 : std::max(count + n, std::int64_t{-1});
  answer(context, i >= 0 && i < count ? parts[static_cast<std::size_t>(i)] : std::string_view{});
}

void starts_with(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  sqlite3_result_int(context, text_of(values[0]).starts_with(text_of(values[1])));
}

void position(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string_view text = text_of(values[1]);
  const std::size_t at = text.find(text_of(values[0]));
  sqlite3_result_int64(context, at == std::string_view::npos ? 0 : static_cast<std::int64_t>(characters(text.substr(0, at)).size()) + 1);
}

constexpr FunctionEntry kFunctions[] = {
    {"match", 2, ilike}, {"regexp", 2, regexp}, {"regexp_replace", 3, regexp_replace}, {"regexp_replace", 4, regexp_replace},
    {"concat", -1, concat}, {"concat_ws", -1, concat_with}, {"pg_left", 2, left}, {"pg_right", 2, right}, {"lpad", 2, lpad}, {"lpad", 3, lpad},
    {"rpad", 2, rpad}, {"rpad", 3, rpad}, {"repeat", 2, repeat}, {"reverse", 1, reverse}, {"initcap", 1, initcap},
    {"split_part", 3, split_part}, {"starts_with", 2, starts_with}, {"pg_position", 2, position},
};

}  // namespace

void register_text_functions(Handle& handle) { register_pure(handle, kFunctions, std::size(kFunctions)); }

}  // namespace chaos::pg
