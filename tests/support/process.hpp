// Child processes of tests: commands with their output, nodes that run alone. Nothing is left running.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::test {

/// Where the binaries under test stand.
std::filesystem::path bin_dir();

/// The path of a program that the tests need: of those unpacked below build/tools first (tools/unpack.sh), then of PATH; empty:
/// on neither. Sbin folders and PostgreSQL's own are looked into as well.
std::string tool(const std::string& name);

struct Output {
  int exit = -1;         // 128 + n when a signal ended it
  std::string out;       // standard output and error, interleaved
};

/// Runs a shell command, at most `seconds` long.
Output sh(const std::string& command, int seconds = 30);

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Looks every 10 ms until it holds; false after `within`.
bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds within = std::chrono::seconds(20));

/// A fresh directory under the system's temporary one, removed at the end.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A process that a test started; killed when destroyed.
class Child {
 public:
  Child(std::vector<std::string> args, const std::filesystem::path& log);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  int pid() const { return pid_; }
  void signal(int number) const;
  /// Waits for its end, at most `within`; its exit code, 128 + signal, or -1 when it still runs.
  int wait(std::chrono::milliseconds within = std::chrono::seconds(10));

 private:
  int pid_ = 0;
  int result_ = -1;
};

/// chaos-node ROLE alone, at an address of its own.
class LoneNode {
 public:
  /// state: a DesiredState as JSON. Returns when `port` accepts connections; fails the test when it never does.
  LoneNode(const std::string& role, unsigned short port, const std::string& state = "{}", const std::string& address = {});
  const std::string& address() const { return address_; }
  const std::filesystem::path& data() const { return dir_.path(); }
  Child& process() { return *child_; }
  /// SIGKILL and a new process on the same data and address.
  void kill_and_restart();
  std::string log() const;

 private:
  void start();
  TempDir dir_;
  std::string role_;
  unsigned short port_;
  std::string address_;
  std::unique_ptr<Child> child_;
};

bool accepts(const std::string& address, unsigned short port);

}  // namespace chaos::test
