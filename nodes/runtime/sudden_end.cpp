#include "runtime/sudden_end.hpp"

#include <csignal>
#include <unistd.h>

namespace chaos {

void die_at_once() {
  kill(getpid(), SIGKILL);
  _exit(128 + SIGKILL);
}

}  // namespace chaos
