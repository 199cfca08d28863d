// CONFIG GET, SET, RESETSTAT, REWRITE.
#pragma once

#include "redis/command.hpp"

namespace chaos::redis {

void config(Call& call);

}  // namespace chaos::redis
