// What to call the end of a process. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace chaos {

struct ProcessEnd {
  bool signaled = false;
  int value = 0;                          // signal or exit code
  bool asked = false;                     // the supervisor had told it to end
  std::string last_words;                 // runtime/last_words.hpp
  bool kernel_limit = false;              // it runs where the kernel keeps a limit of its own: its OOM killer leaves no words
  std::uint64_t resident_bytes = 0;       // as last reported
  std::uint64_t memory_limit_bytes = 0;   // 0: none known
};

struct ExitCause {
  std::string word;    // stable: killed, exited, stopped
  std::string text;    // "OOMKilled (out of memory, exit code 137)", "SIGKILL", "exit code 1", "stopped as asked"
};

/// A process that its own memory guard killed has said so; any other SIGKILL that nobody asked for came from outside or was
/// a crash. Under a limit of the kernel a SIGKILL at 90 % of the memory limit or more is called out of memory too: reports
/// are up to 200 ms old. 137 is what a shell and Docker make of SIGKILL. A process that came to its end by itself with code 0 did what the control link asked of it.
ExitCause exit_cause(const ProcessEnd& end);

/// The end of a process that nobody here could see: only its control link is gone.
struct UnseenEnd {
  bool asked = false;                     // it was told to end, or said that it does
  std::uint64_t resident_bytes = 0;       // as last reported
  std::uint64_t memory_limit_bytes = 0;   // 0: none known
};
ExitCause unseen_end(const UnseenEnd& end);

}  // namespace chaos
