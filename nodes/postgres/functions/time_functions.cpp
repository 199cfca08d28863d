// Times and intervals in SQL: +, -, age, extract, date_trunc. Source: PostgreSQL 15 documentation, 9.9.
#include "postgres/base/pg_interval.hpp"
#include "postgres/base/pg_time.hpp"
#include "postgres/functions/function_tools.hpp"
#include "postgres/state/facts.hpp"

#include <charconv>
#include <cmath>

namespace chaos::pg {

namespace {

using Context = FunctionContext;
using Values = FunctionValues;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

enum class Kind { number, date, timestamp, timestamptz, interval, lsn, other };

// What a value is: numbers are numbers, the rest shows by its text.
struct Operand {
  Kind kind = Kind::other;
  std::int64_t us = 0;
  Interval interval;
  Lsn lsn = 0;
};

Operand operand_of(sqlite3_value* value) {
  if (!is_text(value)) return {Kind::number, 0, {}, 0};
  const std::string_view text = text_of(value);
  double number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec == std::errc() && end == text.data() + text.size()) return {Kind::number, 0, {}, 0};
  if (const auto us = parse_timestamp(text)) {
    const bool date = text.size() <= 10, zone = text.find_first_of("+Z", 10) != std::string_view::npos || text.rfind('-') > 10;
    return {date ? Kind::date : zone ? Kind::timestamptz : Kind::timestamp, *us, {}, 0};
  }
  if (const auto lsn = text.find('/') != std::string_view::npos ? parse_lsn(text) : std::nullopt) return {Kind::lsn, 0, {}, *lsn};
  if (const auto interval = read_interval(text)) return {Kind::interval, 0, *interval, 0};
  return {};
}

bool is_time(Kind kind) { return kind == Kind::date || kind == Kind::timestamp || kind == Kind::timestamptz; }

void answer_time(Context context, Kind kind, std::int64_t us) {
  answer(context, kind == Kind::timestamptz ? format_timestamp(us) : kind == Kind::date ? format_date(us) : format_plain_timestamp(us));
}

void sum_numbers(Context context, sqlite3_value* a, sqlite3_value* b, int sign) {
  const int left = sqlite3_value_numeric_type(a), right = sqlite3_value_numeric_type(b);
  if (left != SQLITE_INTEGER || right != SQLITE_INTEGER) return sqlite3_result_double(context, sqlite3_value_double(a) + sign * sqlite3_value_double(b));
  std::int64_t out = 0;
  const bool over = sign > 0 ? __builtin_add_overflow(sqlite3_value_int64(a), sqlite3_value_int64(b), &out)
                             : __builtin_sub_overflow(sqlite3_value_int64(a), sqlite3_value_int64(b), &out);
  if (over) return fail_with(context, "22003", "bigint out of range");
  sqlite3_result_int64(context, out);
}

// time +- interval, date +- days, time - time.
void sum_times(Context context, const Operand& a, const Operand& b, sqlite3_value* right, int sign) {
  if (b.kind == Kind::interval) return answer_time(context, a.kind == Kind::date ? Kind::timestamp : a.kind, add_interval(a.us, scaled(b.interval, sign)));
  if (a.kind == Kind::date && b.kind == Kind::number) return answer_time(context, Kind::date, a.us + sign * sqlite3_value_int(right) * kDay);
  if (sign > 0 || !is_time(b.kind)) return fail_with(context, "42883", "operator does not exist: timestamp with time zone " + std::string(sign > 0 ? "+" : "-") + " unknown");
  if (a.kind == Kind::date && b.kind == Kind::date) return sqlite3_result_int64(context, (a.us - b.us) / kDay);
  answer(context, write_interval(span_of(a.us - b.us)));
}

void sum(Context context, Values values, int sign) {
  if (is_null(values[0]) || is_null(values[1])) return;
  if (!is_text(values[0]) && !is_text(values[1])) return sum_numbers(context, values[0], values[1], sign);
  const Operand a = operand_of(values[0]), b = operand_of(values[1]);
  if (a.kind == Kind::number && b.kind == Kind::number) return sum_numbers(context, values[0], values[1], sign);
  if (is_time(a.kind)) return sum_times(context, a, b, values[1], sign);
  if (is_time(b.kind) && sign > 0) return sum_times(context, b, a, values[0], sign);
  if (a.kind == Kind::interval && b.kind == Kind::interval) return answer(context, write_interval(sum_of(a.interval, b.interval, sign)));
  if (a.kind == Kind::lsn && b.kind == Kind::lsn && sign < 0) return sqlite3_result_int64(context, static_cast<std::int64_t>(a.lsn - b.lsn));
  fail_with(context, "42883", "operator does not exist: text " + std::string(sign > 0 ? "+" : "-") + " text");
}
void plus(Context context, int, Values values) { sum(context, values, 1); }
void minus(Context context, int, Values values) { sum(context, values, -1); }

void scale(Context context, Values values, bool over) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const Operand a = operand_of(values[0]), b = operand_of(values[1]);
  const double factor = sqlite3_value_double(a.kind == Kind::interval ? values[1] : values[0]);
  if (over && factor == 0) return fail_with(context, "22012", "division by zero");
  if ((a.kind == Kind::interval) == (b.kind == Kind::interval)) return fail_with(context, "42883", "operator does not exist: interval and unknown");
  answer(context, write_interval(scaled(a.kind == Kind::interval ? a.interval : b.interval, over ? 1 / factor : factor)));
}
void times(Context context, int, Values values) { scale(context, values, false); }
void over(Context context, int, Values values) { scale(context, values, true); }

// age(a, b): as a calendar counts; age(b): from the midnight of today.
void age(Context context, int count, Values values) {
  for (int i = 0; i < count; ++i) {
    if (is_null(values[i])) return;
  }
  const Operand first = operand_of(values[0]), second = count == 2 ? operand_of(values[1]) : first;
  if (!is_time(first.kind) || !is_time(second.kind)) return fail_with(context, "22007", "invalid input syntax for type timestamp with time zone");
  const std::int64_t now = unix_now_us();
  answer(context, write_interval(calendar_age(count == 2 ? first.us : now - now % kDay, second.us)));
}

void extract(Context context, int, Values values) {
  if (is_null(values[1])) return;
  const Operand of = operand_of(values[1]);
  const std::string field(text_of(values[0]));
  if (!is_time(of.kind) && of.kind != Kind::interval) return fail_with(context, "42883", "function pg_catalog.extract(unknown, text) does not exist");
  const auto value = of.kind == Kind::interval ? interval_field(field, of.interval) : time_field(field, of.us);
  if (!value) return fail_with(context, "22023", "unit \"" + field + "\" not recognized for type " + (of.kind == Kind::interval ? "interval" : "timestamp with time zone"));
  const bool whole = *value == std::floor(*value) && std::fabs(*value) < 1e15;
  if (whole) sqlite3_result_int64(context, static_cast<std::int64_t>(*value));
  else sqlite3_result_double(context, *value);
}

void date_trunc(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string field(text_of(values[0]));
  const Operand of = operand_of(values[1]);
  if (!is_time(of.kind)) return fail_with(context, "42883", "function date_trunc(unknown, text) does not exist");
  const auto us = truncated(field, of.us);
  if (!us) return fail_with(context, "22023", "unit \"" + field + "\" not recognized for type timestamp with time zone");
  answer_time(context, of.kind == Kind::date ? Kind::timestamptz : of.kind, *us);
}

void at_zone(Context context, int, Values values) {
  if (is_null(values[0])) return;
  const Operand of = operand_of(values[0]);
  const std::string_view zone = text_of(values[1]);
  if (zone != "UTC" && zone != "utc" && zone != "GMT" && zone != "Etc/UTC") return fail_with(context, "22023", "time zone \"" + std::string(zone) + "\" not recognized");
  if (is_time(of.kind)) answer_time(context, of.kind == Kind::timestamptz ? Kind::timestamp : Kind::timestamptz, of.us);
}

constexpr FunctionEntry kFunctions[] = {
    {"pg_plus", 2, plus}, {"pg_minus", 2, minus}, {"pg_times", 2, times}, {"pg_over", 2, over}, {"age", 1, age}, {"age", 2, age},
    {"pg_extract", 2, extract}, {"pg_date_part", 2, extract}, {"date_trunc", 2, date_trunc}, {"pg_at_zone", 2, at_zone},
};

}  // namespace

void register_time_functions(Handle& handle) { register_pure(handle, kFunctions, std::size(kFunctions)); }

}  // namespace chaos::pg
