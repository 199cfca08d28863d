// What the server's agent tells a load balancer of itself, in HAProxy's words (configuration manual 2.6, section 5.2,
// agent-check). The formula stands in docs/model.md.
#pragma once

#include <string>

namespace chaos {

struct ServerLoad {
  int slots = 1;
  int busy = 0;            // slots held
  int waiting = 0;         // requests without one
  double slowdown = 1;     // of its work, by memory and CPU
};

/// 1 to 100: the share of its usual work that it would take. All of it while half of the slots are free; never 0, for
/// that would be a drain. Pure.
unsigned load_percent(const ServerLoad& load);

/// greet: whoever asks has heard nothing since the process began or a drain ended, and may still hold it drained.
/// "drain"; "up ready 100%"; "75%". Pure.
std::string load_line(const ServerLoad& load, bool draining, bool greet);

}  // namespace chaos
