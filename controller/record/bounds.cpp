#include "record/bounds.hpp"

#include "record/words.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace chaos::record {
namespace {

constexpr int kMostDecimals = 15;   // a double has no more to say

bool keeps(double value, double bound, Bound kind) { return kind == Bound::at_least ? value >= bound : value <= bound; }

double read(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

// Ten figures: all that anybody writes into a drill, none of what binary fractions add to it (0.57 x 100).
std::string in_full(double bound) { return fmt::format("{:.10g}", bound); }

}  // namespace

int decimals_beside(double value, double bound, Bound kind, int decimals) {
  if (!std::isfinite(value) || !std::isfinite(bound)) return decimals;
  const bool kept = keeps(value, bound, kind);
  for (; decimals < kMostDecimals; ++decimals) {
    if (keeps(read(fmt::format("{:.{}f}", value, decimals)), bound, kind) == kept) break;
  }
  return decimals;
}

std::string bound_text(double bound) { return with_commas(in_full(bound)); }

std::string percent_at_least(double ratio, double least, int decimals) {
  const bool kept = ratio >= least;
  const double bound = read(in_full(least * 100));
  std::string text = percent(ratio, decimals);
  while (std::isfinite(ratio) && decimals < kMostDecimals && (read(text) >= bound) != kept) text = percent(ratio, ++decimals);
  return text;
}

std::string number_at_most(double value, double most) {
  return number(value, decimals_beside(value, most, Bound::at_most, decimals_of(value)));
}

}  // namespace chaos::record
