// Starts and ends a controller, and with it a lab.
#pragma once

#include "cli/cli.hpp"
#include "cli/interrupt.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chaos::cli {

struct LaunchOptions {
  std::string drill = "guided-incident-response";   // name or path
  std::string responder;
  std::uint64_t seed = 1;
  double speed = 60;
  int octet = 0;              // 0: the first free from 42 on
  bool end_with_run = false;
  bool resume = false;        // the run that was cut off, with its drill, seed and responder
  bool detached = false;      // a session of its own: outlives this process
};

/// Adds the flags that `up` and `drill run` share.
void add_launch_flags(CLI::App& verb, LaunchOptions& options);

/// A controller that this process started. Not ended by the destructor when it was started detached.
class LabProcess {
 public:
  /// Throws Failure when a lab is up in the data directory already, when the drill file is wrong, or when it does not start.
  LabProcess(Cli& cli, const LaunchOptions& options);
  ~LabProcess();
  LabProcess(const LabProcess&) = delete;
  LabProcess& operator=(const LabProcess&) = delete;

  /// Waits until the run has begun, and says what it waits for when that takes long. False: a signal came first.
  /// Throws Failure with what the controller complained of, or the end of its log, when it died (it gives up by itself after 30 s), or when it hangs.
  bool wait_running(Cli& cli, const Interrupt& interrupt);
  /// Polite end (SIGTERM), insisting after 10 s.
  void end();
  bool ended();
  /// It ended, and not by its own exit.
  bool died() const;
  /// "was killed by SIGKILL", "ended with exit code 1".
  std::string how_it_ended() const;
  int pid() const { return pid_; }

 private:
  std::optional<v1::LabStatus> asked(Cli& cli) const;

  int pid_ = 0;
  bool detached_;
  bool ended_ = false;
  int status_ = 0;            // of waitpid, once it has ended
  std::filesystem::path log_;
};

/// Waits until the process is gone, at most `ms`.
bool wait_gone(int pid, int ms);

}  // namespace chaos::cli
