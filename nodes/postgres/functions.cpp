#include "postgres/functions.hpp"

#include "postgres/function_values.hpp"
#include "postgres/pg_time.hpp"
#include "postgres/sql_types.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <regex>
#include <thread>
#include <vector>

namespace chaos::pg {

namespace {

void answer_error(Context context, const std::string& text) { sqlite3_result_error(context, text.c_str(), static_cast<int>(text.size())); }

// now() is the start of the transaction; clock_timestamp() the instant of the call.
std::int64_t now_us(Context context) {
  const Backend* backend = handle_of(context).backend;
  return backend && backend->transaction_us != 0 ? backend->transaction_us : unix_now_us();
}
void now(Context context, int, Values) { answer(context, format_timestamp(now_us(context))); }
void clock_timestamp(Context context, int, Values) { answer(context, format_timestamp(unix_now_us())); }

// age(a, b) = a - b; age(b) = now() - b.
void age(Context context, int count, Values values) {
  const auto first = parse_timestamp(text_of(values[0]));
  const auto second = count == 2 ? parse_timestamp(text_of(values[1])) : first;
  if (!first || !second) return sqlite3_result_null(context);
  answer(context, format_interval(count == 2 ? *first - *second : now_us(context) - *first));
}

void interval(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  const auto us = parse_interval(text_of(values[0]));
  if (!us) return answer_error(context, "invalid input syntax for type interval");
  answer(context, format_interval(*us));
}

// pg_time_add(time or interval, sign, interval)
void time_add(Context context, int, Values values) {
  const auto step = parse_interval(text_of(values[2]));
  if (is_null(values[0]) || !step) return sqlite3_result_null(context);
  const std::int64_t signed_step = text_of(values[1]) == "-" ? -*step : *step;
  if (const auto time = parse_timestamp(text_of(values[0]))) return answer(context, format_timestamp(*time + signed_step));
  if (const auto span = parse_interval(text_of(values[0]))) return answer(context, format_interval(*span + signed_step));
  sqlite3_result_null(context);
}

// EXTRACT(epoch FROM x) of times and intervals; other fields through SQLite's own strftime.
void extract(Context context, int, Values values) {
  if (is_null(values[1])) return sqlite3_result_null(context);
  if (text_of(values[0]) != "epoch") return answer_error(context, "extract: only the field epoch is supported");
  auto us = parse_timestamp(text_of(values[1]));
  if (!us) us = parse_interval(text_of(values[1]));
  if (!us) return sqlite3_result_null(context);
  sqlite3_result_double(context, static_cast<double>(*us) / 1e6);
}

void to_bool(Context context, int, Values values) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  sqlite3_result_int(context, bool_text(text_of(values[0])) == "t");
}

void version(Context context, int, Values) { answer(context, "PostgreSQL " + std::string(kServerVersion) + " (wire protocol 3.0; SQL by SQLite " SQLITE_VERSION ")"); }
void current_schema(Context context, int, Values) { answer(context, "public"); }
void backend_pid(Context context, int, Values) { sqlite3_result_int(context, handle_of(context).backend ? handle_of(context).backend->pid : 0); }
void in_recovery(Context context, int, Values) { sqlite3_result_int(context, facts_of(context).in_recovery()); }
void start_time(Context context, int, Values) { answer(context, format_timestamp(facts_of(context).start_time_us())); }

void answer_lsn(Context context, std::optional<Lsn> lsn) {
  if (lsn) answer(context, format_lsn(*lsn));
  else sqlite3_result_null(context);
}

void write_lsn(Context context, int, Values) {
  if (facts_of(context).in_recovery()) return fail_with(context, "55000", "recovery is in progress");
  answer_lsn(context, facts_of(context).write_lsn());
}
void receive_lsn(Context context, int, Values) { answer_lsn(context, facts_of(context).receive_lsn()); }
void replay_lsn(Context context, int, Values) { answer_lsn(context, facts_of(context).replay_lsn()); }

void replay_time(Context context, int, Values) {
  const auto us = facts_of(context).replay_time_us();
  if (us) answer(context, format_timestamp(*us));
  else sqlite3_result_null(context);
}

void lsn_diff(Context context, int, Values values) {
  const auto a = parse_lsn(text_of(values[0])), b = parse_lsn(text_of(values[1]));
  if (!a || !b) return sqlite3_result_null(context);
  sqlite3_result_int64(context, static_cast<std::int64_t>(*a) - static_cast<std::int64_t>(*b));
}

// On the data thread nothing may sleep: the statement is interrupted there and runs again on the thread for slow ones.
void sleep(Context context, int, Values values) {
  Handle& handle = handle_of(context);
  if (handle.on_data_thread) {
    handle.set_over_time();
    return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
  }
  const RealTime until = RealClock::now() + real_ms(sqlite3_value_double(values[0]) * 1e3);
  while (RealClock::now() < until) {
    if (handle.must_stop()) return sqlite3_result_error_code(context, SQLITE_INTERRUPT);
    std::this_thread::sleep_for(std::min(until - RealClock::now(), RealDuration(std::chrono::milliseconds(5))));
  }
  answer(context, "");
}

// x ILIKE pattern; SQLite calls match(pattern, x).
void ilike(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return sqlite3_result_null(context);
  const std::string pattern(text_of(values[0])), text(text_of(values[1]));
  sqlite3_result_int(context, sqlite3_strlike(pattern.c_str(), text.c_str(), '\\') == 0);
}

// x ~ pattern; SQLite calls regexp(pattern, x). Lengths are bounded: std::regex recurses over the text.
void regexp(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return sqlite3_result_null(context);
  std::string_view pattern = text_of(values[0]);
  const std::string_view text = text_of(values[1]).substr(0, 2048);
  if (pattern.size() > 256) return answer_error(context, "regular expression is too long");
  auto flags = std::regex::extended;
  if (pattern.starts_with("(?i)")) pattern.remove_prefix(4), flags |= std::regex::icase;
  try {
    const std::regex compiled(pattern.begin(), pattern.end(), flags);
    sqlite3_result_int(context, std::regex_search(text.begin(), text.end(), compiled));
  } catch (const std::regex_error&) {
    answer_error(context, "invalid regular expression");
  }
}

void random_unit(Context context, int, Values) {
  std::uint64_t bits = 0;
  sqlite3_randomness(sizeof bits, &bits);
  sqlite3_result_double(context, static_cast<double>(bits >> 11) * 0x1.0p-53);
}

void concat(Context context, int count, Values values) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text_of(values[i]);
  answer(context, out);
}

// left(text, n) and right(text, n); a negative n leaves out so many from the other end.
void cut(Context context, Values values, bool left) {
  if (is_null(values[0])) return sqlite3_result_null(context);
  const std::string_view text = text_of(values[0]);
  std::vector<std::size_t> starts;      // of characters: bytes that do not continue one
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xc0) != 0x80) starts.push_back(i);
  }
  const auto count = static_cast<std::int64_t>(starts.size());
  const std::int64_t asked = sqlite3_value_int64(values[1]);
  const std::int64_t kept = std::clamp<std::int64_t>(asked < 0 ? count + asked : asked, 0, count);
  const auto at = static_cast<std::size_t>(left ? kept : count - kept);
  const std::size_t byte = at < starts.size() ? starts[at] : text.size();
  answer(context, left ? text.substr(0, byte) : text.substr(byte));
}
void left(Context context, int, Values values) { cut(context, values, true); }
void right(Context context, int, Values values) { cut(context, values, false); }

// '{1,"a b",c}' as a JSON list: numbers stay numbers. Arrays of arrays are not read.
void array_json(Context context, int, Values values) {
  std::string_view text = text_of(values[0]);
  if (is_null(values[0]) || !text.starts_with('{') || !text.ends_with('}')) return answer(context, "[]");
  text = text.substr(1, text.size() - 2);
  std::string out = "[", item;
  bool quoted = false, was_quoted = false;
  const auto flush = [&] {
    const bool number = !was_quoted && !item.empty() && item.find_first_not_of("-0123456789") == std::string::npos;
    out += (out.size() > 1 ? "," : "") + (number ? item : "\"" + item + "\"");
    item.clear();
    was_quoted = false;
  };
  for (const char c : text) {
    if (c == '"') quoted = !quoted, was_quoted = true;
    else if (c == ',' && !quoted) flush();
    else if (static_cast<unsigned char>(c) >= ' ' && c != '\\') item.push_back(c);
  }
  if (!text.empty()) flush();
  answer(context, out + "]");
}

constexpr FunctionEntry kFunctions[] = {
    {"now", 0, now}, {"clock_timestamp", 0, clock_timestamp}, {"age", 1, age}, {"age", 2, age}, {"pg_interval", 1, interval}, {"pg_time_add", 3, time_add},
    {"pg_extract", 2, extract}, {"pg_bool", 1, to_bool}, {"version", 0, version}, 
    {"current_schema", 0, current_schema}, {"pg_backend_pid", 0, backend_pid},
    {"pg_is_in_recovery", 0, in_recovery}, {"pg_postmaster_start_time", 0, start_time}, {"pg_current_wal_lsn", 0, write_lsn},
    {"pg_last_wal_receive_lsn", 0, receive_lsn}, {"pg_last_wal_replay_lsn", 0, replay_lsn},
    {"pg_last_xact_replay_timestamp", 0, replay_time}, {"pg_wal_lsn_diff", 2, lsn_diff}, 
    {"pg_sleep", 1, sleep}, {"match", 2, ilike}, {"regexp", 2, regexp},
    {"pg_random", 0, random_unit}, {"pg_array_json", 1, array_json}, {"concat", -1, concat}, {"pg_left", 2, left}, {"pg_right", 2, right},
};

}  // namespace

void register_functions(Handle& handle) {
  register_all(handle, kFunctions);
  register_admin_functions(handle);
  register_catalog_functions(handle);
  register_recovery_functions(handle);
}

}  // namespace chaos::pg
