// Figures beside the bounds that they keep or miss: rounding never carries a figure across its bound. Pure; chaosctl
// words its tables with them too.
#pragma once

#include <string>

namespace chaos::record {

enum class Bound { at_least, at_most };

/// The fewest decimals, `decimals` or more, with which `value`, rounded, stands on the side of `bound` where it is.
int decimals_beside(double value, double bound, Bound kind, int decimals);

/// A bound in full: "95", "99.95", "1,900".
std::string bound_text(double bound);

/// "97.31 %" beside a bound that wants at least `least` (a ratio): 0.94999 beside 0.95 is "94.999 %", not "95.00 %".
std::string percent_at_least(double ratio, double least, int decimals);

/// number() beside a bound that wants at most `most`: 320.4 beside 320 is "320.4", beside 330 "320".
std::string number_at_most(double value, double most);

}  // namespace chaos::record
