// SCAN cursor [MATCH pattern] [COUNT n] [TYPE type].
#pragma once

#include "redis/command.hpp"

namespace chaos::redis {

void scan(Call& call);

}  // namespace chaos::redis
