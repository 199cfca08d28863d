// What to call the end of a process. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace chaos {

struct ProcessEnd {
  bool signaled = false;
  int value = 0;                          // signal or exit code
  bool asked = false;                     // the supervisor had told it to end
  std::uint64_t resident_bytes = 0;       // as last reported
  std::uint64_t memory_limit_bytes = 0;   // 0: none known
};

struct ExitCause {
  std::string word;    // stable: killed, exited, stopped
  std::string text;    // "SIGKILL (out of memory)", "exit code 1", "stopped as asked"
};

/// A SIGKILL that nobody asked for, at 90 % of the memory limit or more, is called out of memory: reports are up
/// to 200 ms old. A process that came to its end by itself with code 0 did what the control link asked of it.
ExitCause exit_cause(const ProcessEnd& end);

/// The end of a process that nobody here could see: only its control link is gone.
struct UnseenEnd {
  bool asked = false;                     // it was told to end, or said that it does
  std::uint64_t resident_bytes = 0;       // as last reported
  std::uint64_t memory_limit_bytes = 0;   // 0: none known
};
ExitCause unseen_end(const UnseenEnd& end);

}  // namespace chaos
