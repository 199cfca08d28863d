// What every verb shares: global options, the connection, output, exit codes.
#pragma once

#include "chaoslab/v1/lab.grpc.pb.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace chaos::cli {

/// Documented in docs/chaosctl.md and in `chaosctl --help`.
enum ExitCode {
  kOk = 0,
  kFailed = 1,        // the lab said no, or the operation did not reach its end
  kUsage = 2,         // wrong arguments; the message names the nearest right word
  kNoLab = 3,         // no lab is up in this data directory
  kNotFound = 4,      // no such node, fault, run or drill
  kNotNow = 5,        // right, but not in the lab's present state
  kTimedOut = 6,
  kMissed = 7,        // a drill ended and its contract was not met
};

/// A failure to tell the user; what() is the whole message.
struct Failure : std::runtime_error {
  Failure(ExitCode code_in, const std::string& text) : std::runtime_error(text), code(code_in) {}
  ExitCode code;
};

/// Options before the verb, and what verbs leave behind.
struct Cli {
  std::filesystem::path data = ".chaoslab";
  std::string controller;            // HOST:PORT; empty: from DATA/lab.json
  std::string output = "table";      // or json
  int exit_code = kOk;

  bool json() const { return output == "json"; }
  /// Of a controller elsewhere, its web page: "http://127.0.0.1:7070/"; empty for one in the data directory.
  std::string web() const;
  /// How a hint names this program, so that it acts on this lab when typed as it stands: "chaosctl --data DIR" beside other labs.
  std::string self() const;
  /// Throws Failure(kNoLab) when no lab answers.
  v1::Lab::StubInterface& lab();

 private:
  std::unique_ptr<v1::Lab::StubInterface> stub_;
};

/// For a call that is answered at once: a controller that does not answer within 10 s hangs.
struct Call : grpc::ClientContext {
  Call() { set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10)); }
};

/// Throws the Failure that belongs to the status, unless it is OK.
void expect_ok(const grpc::Status& status);

/// The lab.json of a data directory: "" fields when there is none or its process is gone.
struct LabFile {
  int pid = 0;
  std::string grpc;
  std::string http;
};
LabFile read_lab_file(const std::filesystem::path& data);

/// The newest run of the data directory's record when its controller died in it, or "".
std::string cut_off_run(const std::filesystem::path& data);

/// Runs `body` when the verb was chosen; a Failure becomes message and exit code.
void on_run(CLI::App* verb, Cli& cli, std::function<void()> body);

}  // namespace chaos::cli
