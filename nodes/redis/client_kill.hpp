// CLIENT KILL, in its old and its new form.
#pragma once

#include "redis/command.hpp"

namespace chaos::redis {

void kill_clients(Call& call);

}  // namespace chaos::redis
