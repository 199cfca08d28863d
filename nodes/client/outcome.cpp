#include "client/outcome.hpp"

#include <array>

namespace chaos {

namespace {
constexpr std::array<std::string_view, kOutcomes> kNames{"good", "server_error", "late", "timeout", "refused", "broken", "overload"};
}  // namespace

std::string_view outcome_name(Outcome outcome) { return kNames[static_cast<std::size_t>(outcome)]; }

bool answered(Outcome outcome) {
  return outcome == Outcome::good || outcome == Outcome::server_error || outcome == Outcome::late;
}

Outcome judge(const Attempt& attempt, RealDuration took, RealDuration timeout) {
  if (attempt.error == Errc::timeout) return Outcome::timeout;
  if (attempt.error == Errc::refused || attempt.error == Errc::no_backend) return Outcome::refused;
  if (attempt.error) return Outcome::broken;
  if (attempt.status >= 500) return Outcome::server_error;
  return took <= timeout ? Outcome::good : Outcome::late;
}

bool may_retry(RequestKind kind, const Attempt& attempt) {
  if (!attempt.error && attempt.status < 500) return false;
  if (kind != RequestKind::order) return true;
  return attempt.error == Errc::refused || attempt.error == Errc::no_backend || attempt.status == 503;
}

}  // namespace chaos
