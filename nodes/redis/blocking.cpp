#include "redis/blocking.hpp"

#include "redis/engine.hpp"
#include "redis/values/text.hpp"

namespace chaos::redis {

std::optional<RealTime> take_timeout(Call& call, std::size_t index) {
  constexpr double kMost = 1e9;    // seconds: more than thirty years
  const auto seconds = call.real(index, "ERR timeout is not a float or out of range");
  if (!seconds) return std::nullopt;
  if (*seconds < 0) return call.error("ERR timeout is negative"), std::nullopt;
  if (*seconds > kMost) return call.error("ERR timeout is out of range"), std::nullopt;
  if (*seconds == 0) return RealTime::max();
  return call.engine.clock.now() + real_ms(*seconds * 1000);
}

void nil_array(std::string& out, int protocol) { resp::Writer(out, protocol).nil_array(); }

void wait_or_nil(Call& call, RealTime until, void (*time_out)(std::string& out, int protocol)) {
  if (call.may_block) return call.block(until, time_out);
  std::string bytes;
  time_out(bytes, call.out.protocol());
  call.out.raw(bytes);
}

}  // namespace chaos::redis
