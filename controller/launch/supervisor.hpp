// Keeps one process alive for each node: starts it, hears of its end, starts it anew.
#pragma once

#include "launch/back_off.hpp"
#include "launch/process.hpp"
#include "runtime/task_group.hpp"
#include "runtime/wait_list.hpp"

#include <functional>
#include <map>

namespace chaos {

struct LaunchSettings {
  std::filesystem::path binary;          // chaos-node
  std::string controller;                // HOST:PORT that nodes attach to
  std::filesystem::path nodes_dir;       // a folder a node below it
  std::filesystem::path logs_dir;
};

struct LaunchNode {
  std::string name;
  std::string role;
  std::string address;
  int end_stage = 0;                     // stop() ends the lower ones first
};

/// One thread, that of the io_context, which must live as long as the nodes.
class Supervisor {
 public:
  struct Handlers {
    std::function<void(const std::string& node, int pid)> on_start;
    std::function<void(const std::string& node, const ProcessEnd& end)> on_end;      // before a new one starts
    std::function<void(const std::string& node, const std::string& why)> on_failure; // it cannot be started now
  };
  Supervisor(asio::io_context& io, LaunchSettings settings, Handlers handlers);
  ~Supervisor();

  /// Starts the node's process at once and keeps it alive until stop().
  void keep(const LaunchNode& node);
  /// SIGTERM, and SIGKILL after `insist`. A new process starts without back-off.
  void restart(const std::string& node, RealDuration insist);
  /// SIGKILL, as asked.
  void kill(const std::string& node);
  /// Ends every process: SIGTERM, stage by stage, each when the one before is gone or 120 ms have passed. What still lives
  /// after `insist`, or 300 ms after its SIGTERM where that is later, is killed. Returns when all are gone.
  awaitable<void> stop(RealDuration insist);
  /// Of the node's process now; 0: none.
  int pid(const std::string& node) const;
  std::vector<std::string> command_line(const LaunchNode& node) const;

 private:
  struct Kept {
    LaunchNode node;
    std::unique_ptr<Process> process;
    BackOff back_off;
    WaitList wake;
    bool asked = false;
  };
  awaitable<void> run(Kept& kept);
  awaitable<void> stop_stage(int stage, RealTime killed_at);
  bool lives(int stage) const;
  awaitable<void> insist(std::string node, int pid, RealDuration after);

  asio::io_context& io_;
  LaunchSettings settings_;
  Handlers handlers_;
  std::map<std::string, std::unique_ptr<Kept>> kept_;
  bool stopping_ = false;
  WaitList ended_;                       // a process is gone
  TaskGroup tasks_;
  TaskGroup insisting_;
};

}  // namespace chaos
