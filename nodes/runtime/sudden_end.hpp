// Dying, as opposed to ending.
#pragma once

namespace chaos {

/// SIGKILL to this process: no destructor, no last word, the kernel closes what is open. The first process of a container cannot
/// be killed from inside (pid_namespaces(7)): it leaves at once with 137, the code that a SIGKILL has.
[[noreturn]] void die_at_once();

}  // namespace chaos
