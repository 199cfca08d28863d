#include "queue/broker_log.hpp"

#include <algorithm>

namespace chaos::broker {

bool LineLimit::allow(RealTime now, std::uint64_t& left_out) {
  const auto fresh = (now - refilled_) / kPause;
  if (fresh > 0) {
    free_ = static_cast<int>(std::min<std::int64_t>(kBurst, free_ + fresh));
    refilled_ = now;
  }
  left_out = left_out_;
  if (free_ == 0) {
    ++left_out_;
    return false;
  }
  --free_;
  left_out_ = 0;
  return true;
}

void BrokerLog::warn(std::string_view event, const std::string& connection, const std::string& reason) {
  std::uint64_t left_out = 0;
  if (!limits_[std::string(event)].allow(clock_.now(), left_out)) return;
  log_.warn(event, {{"connection", connection}, {"reason", reason}, {"lines_left_out", static_cast<std::int64_t>(left_out)}});
}

}  // namespace chaos::broker
