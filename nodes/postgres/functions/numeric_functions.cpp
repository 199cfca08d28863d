// Casts to numeric and its rounding. Source: PostgreSQL 15 documentation, 8.1.2 "Arbitrary Precision Numbers", 9.3.
#include "postgres/base/numeric.hpp"
#include "postgres/functions/function_tools.hpp"
#include "postgres/sql/sql_types.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace chaos::pg {

namespace {

using Context = FunctionContext;
using Values = FunctionValues;

// False: the statement fails.
bool read(Context context, sqlite3_value* value, std::optional<int> scale, double& out) {
  constexpr std::int64_t kMostWhole = std::int64_t{1} << 53;
  const bool whole = sqlite3_value_type(value) == SQLITE_INTEGER;
  NumericInput input = NumericInput::good;
  if (is_text(value)) input = read_numeric(trimmed(text_of(value)), scale, out);
  else if (whole && (sqlite3_value_int64(value) > kMostWhole || sqlite3_value_int64(value) < -kMostWhole)) input = read_numeric(std::to_string(sqlite3_value_int64(value)), scale, out);
  else out = sqlite3_value_double(value);
  if (input == NumericInput::malformed) fail_with(context, "22P02", "invalid input syntax for type numeric: \"" + std::string(text_of(value)) + "\"");
  if (input == NumericInput::too_long) fail_with(context, "0A000", "numeric values of more than 15 digits are not supported: \"" + std::string(text_of(value)) + "\"");
  return input == NumericInput::good;
}

// pg_numeric(x): a double always, so that a division is none of whole numbers.
void to_numeric(Context context, int, Values values) {
  double number = 0;
  if (!is_null(values[0]) && read(context, values[0], std::nullopt, number)) sqlite3_result_double(context, numeric_of(number));
}

// pg_numeric(x, precision, scale)
void to_limited(Context context, int, Values values) {
  const int precision = sqlite3_value_int(values[1]), scale = sqlite3_value_int(values[2]);
  double number = 0;
  if (is_null(values[0]) || !read(context, values[0], scale, number)) return;
  number = round_numeric(number, scale);
  if (!fits_numeric(number, precision, scale)) return fail_with(context, "22003", "numeric field overflow", {}, numeric_overflow_detail(precision, scale));
  sqlite3_result_double(context, number);
}

// round(x, digits) and trunc(x, digits)
template <double (*change)(double, int)>
void to_digits(Context context, int, Values values) {
  double number = 0;
  if (is_null(values[0]) || is_null(values[1]) || !read(context, values[0], std::nullopt, number)) return;
  sqlite3_result_double(context, change(number, static_cast<int>(std::clamp<std::int64_t>(sqlite3_value_int64(values[1]), -1000, 1000))));
}

// A double on its way to a whole number: half to even.
void to_even(Context context, int, Values values) {
  if (sqlite3_value_type(values[0]) == SQLITE_FLOAT) sqlite3_result_double(context, std::nearbyint(sqlite3_value_double(values[0])));
  else sqlite3_result_value(context, values[0]);
}

// What stands in a text: 10 and not 10.0.
template <bool numeric>
void shown(Context context, int, Values values) {
  if (sqlite3_value_type(values[0]) != SQLITE_FLOAT) return sqlite3_result_value(context, values[0]);
  const double number = sqlite3_value_double(values[0]);
  answer(context, numeric ? numeric_text(number, -1) : double_text(number));
}
void shown_limited(Context context, int, Values values) {
  if (sqlite3_value_type(values[0]) != SQLITE_FLOAT) return sqlite3_result_value(context, values[0]);
  answer(context, numeric_text(sqlite3_value_double(values[0]), sqlite3_value_int(values[1])));
}

constexpr FunctionEntry kFunctions[] = {
    {"pg_numeric", 1, to_numeric}, {"pg_numeric", 3, to_limited}, {"round", 2, to_digits<round_numeric>}, {"trunc", 2, to_digits<trunc_numeric>},
    {"pg_even", 1, to_even}, {"pg_shown", 1, shown<false>}, {"pg_shown_numeric", 1, shown<true>}, {"pg_shown_numeric", 2, shown_limited},
};

}  // namespace

void register_numeric_functions(Handle& handle) { register_pure(handle, kFunctions, std::size(kFunctions)); }

}  // namespace chaos::pg
