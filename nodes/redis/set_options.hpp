// The options of SET.
#pragma once

#include "redis/ttl.hpp"

namespace chaos::redis {

struct SetOptions {
  enum class If { always, absent, present } when = If::always;
  bool get = false;          // answer the old value
  bool keep_ttl = false;
  LabTime expires = kNever;
};

/// Reads args[3...] of SET; answers the error itself and gives nothing when they are wrong.
std::optional<SetOptions> take_set_options(Call& call);

}  // namespace chaos::redis
