// One child process: started by posix_spawn, its end heard through a pidfd.
#pragma once

#include "launch/exit_cause.hpp"
#include "runtime/asio.hpp"
#include "runtime/error.hpp"
#include "runtime/units.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace chaos {

struct Command {
  std::vector<std::string> args;          // args[0]: path of the program
  std::filesystem::path log;              // standard output and error, appended
};

/// The spawning thread must live as long as the process: the child's parent-death signal is bound to it.
class Process {
 public:
  /// The child leads a process group of its own (a Ctrl-C at the terminal does not reach it), has no signal blocked,
  /// no descriptor above 3, which is a pipe for its last words (runtime/last_words.hpp), a stack limit of 1 MB (thread stacks count against memory limits), and /dev/null as input.
  static Result<std::unique_ptr<Process>> start(asio::io_context& io, const Command& command);
  /// Kills and reaps a child that still lives.
  ~Process();

  int pid() const { return pid_; }
  /// Sends a signal through the pidfd: it never reaches another process. Nothing happens after the end.
  void signal(int number);
  /// Completes when the process has ended; it is reaped then. Call once.
  awaitable<ProcessEnd> wait();

 private:
  Process(asio::io_context& io, int pid, int pidfd, int words);
  ProcessEnd reap();
  int pid_;
  bool reaped_ = false;
  asio::posix::stream_descriptor pidfd_;
  asio::posix::stream_descriptor words_;
};

}  // namespace chaos
