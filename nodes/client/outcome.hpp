// What became of a user's request, and whether it may be tried again.
#pragma once

#include "client/requests.hpp"
#include "runtime/error.hpp"
#include "runtime/units.hpp"

#include <string_view>

namespace chaos {

/// good: answered within the time-out without a 5xx. late: answered, but (as a rule after a retry) the time-out had
/// passed since the intended time. overload: the generator itself had too much in flight, nothing was sent.
enum class Outcome { good, server_error, late, timeout, refused, broken, overload };
inline constexpr std::size_t kOutcomes = 7;
/// One word for a metrics label.
std::string_view outcome_name(Outcome outcome);
/// An answer came, of whatever status: it counts for the latency percentiles.
bool answered(Outcome outcome);

/// The last attempt of a request. Either an error or a status.
struct Attempt {
  ErrorCode error;
  unsigned status = 0;
};

/// took: from the intended send time to the end of the last attempt.
Outcome judge(const Attempt& attempt, RealDuration took, RealDuration timeout);

/// A read may be repeated after any failure. An order only when it certainly was not carried out: nothing listened,
/// or the answer was 503 (RFC 9110 section 9.2.2: a POST is not idempotent).
bool may_retry(RequestKind kind, const Attempt& attempt);

}  // namespace chaos
