// PostgreSQL's numeric, carried as a double of which the first 15 digits count: every decimal of 15 digits has a double of its own. Pure.
// Source: PostgreSQL 15 documentation, 8.1.2 "Arbitrary Precision Numbers".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chaos::pg {

/// The double of the value's first 15 digits: 0.1 + 0.2 is 0.3 then. Whole numbers up to 2^53 are kept.
double numeric_of(double value);
/// By its decimal digits, half away from zero, to `scale` digits behind the point (before it when negative).
double round_numeric(double value, int scale);
/// The same, towards zero.
double trunc_numeric(double value, int scale);
/// Whether a rounded value is one of numeric(precision, scale): less than 10^(precision - scale).
bool fits_numeric(double rounded, int precision, int scale);
/// What PostgreSQL says of one that is none.
std::string numeric_overflow_detail(int precision, int scale);

enum class NumericInput { good, malformed, too_long };
/// Reads "-1.50", "2e3", "infinity", rounded to `scale` where there is one. too_long: more digits than are kept, or NaN.
NumericInput read_numeric(std::string_view text, std::optional<int> scale, double& out);

/// With `scale` digits behind the point; -1: with as many of the 15 as are no zeros at the end.
std::string numeric_text(double value, int scale);

}  // namespace chaos::pg
