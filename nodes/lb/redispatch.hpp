// Whether a request that failed on one backend may go to another, and what the user hears when none serves it.
#pragma once

#include "runtime/error.hpp"

#include <string>
#include <string_view>

namespace chaos {

/// Only before an answer: a connection that could not be opened, for every method; one that broke, only for
/// idempotent methods (RFC 9110 section 9.2.2). A time-out is final: no time is left.
bool may_retry(std::string_view method, ErrorCode error);

/// Whether retry number `retry` (from 1) of at most `retries` goes to another backend. redispatch: each Nth; below
/// 0: counted from the last one on, -1 the last one only; 0: never (HAProxy's `option redispatch`).
bool moves_on(int redispatch, int retry, int retries);

/// The status for a backend's failure: 504 for a time-out, 503 when no connection could be opened, else 502.
unsigned failure_status(ErrorCode error, bool connected);

struct Unusable {
  int down = 0;
  int draining = 0;
  int maintenance = 0;
};
/// "no backend serves: 3 down, 1 draining"; "no backend serves: none is known".
std::string no_backend_reason(const Unusable& unusable);

}  // namespace chaos
