#include "lab/failover.hpp"

#include <fmt/format.h>

namespace chaos {

namespace {

constexpr std::size_t kMostNamed = 10;

std::string named(const std::vector<std::int64_t>& ids) {
  std::string out;
  for (std::size_t i = 0; i < ids.size() && i < kMostNamed; ++i) out += (i ? ", " : "") + std::to_string(ids[i]);
  return ids.size() > kMostNamed ? out + fmt::format(" and {} more", ids.size() - kMostNamed) : out;
}

std::string orders_text(const FailoverLoss& loss) {
  if (!loss.counted) return fmt::format("whether acknowledged orders are lost could not be counted ({})", loss.why_not.empty() ? "not asked" : loss.why_not);
  if (loss.acknowledged == 0) return "no order had been acknowledged";
  if (loss.orders.empty()) return fmt::format("no acknowledged order is lost, of {}", loss.acknowledged);
  return fmt::format("{} of {} acknowledged orders {} lost ({})", loss.orders.size(), loss.acknowledged, loss.orders.size() == 1 ? "is" : "are", named(loss.orders));
}

// What is known of the two logs: no more than what the old primary told before it ended.
std::string log_text(const FailoverLoss& loss) {
  if (loss.from.empty() || !loss.after) return {};
  if (!loss.before) return fmt::format("; how far {}'s log went is not known", loss.from);
  const double bytes = loss.before->lsn - loss.after->lsn, transactions = loss.before->transactions - loss.after->transactions;
  const std::string when = to_s(loss.silent) < 1 ? "" : fmt::format(" {:.0f} s before", to_s(loss.silent));
  if (bytes <= 0) return fmt::format("; {} has all that {}'s log had when it last reported{}", loss.to, loss.from, when);
  return fmt::format("; {} lacks at least {:.0f} transactions ({:.0f} bytes) of {}'s log, as last reported{}", loss.to, transactions, bytes, loss.from, when);
}

}  // namespace

std::string loss_text(const FailoverLoss& loss) { return orders_text(loss) + log_text(loss); }

}  // namespace chaos
