// Waiting for time to pass, on the data thread. Both end early only by cancellation of the coroutine.
#pragma once

#include "runtime/asio.hpp"
#include "runtime/clock.hpp"

namespace chaos {

awaitable<void> sleep_real(RealDuration d);
awaitable<void> sleep_until(RealTime at);
/// Follows a change of the lab's speed within 50 ms.
awaitable<void> sleep_lab(const Clock& clock, LabDuration d);

}  // namespace chaos
