// A whole lab for a test, driven through chaosctl like a person would.
#pragma once

#include "support/process.hpp"

#include <boost/json.hpp>

namespace chaos::test {

class Lab {
 public:
  /// chaosctl up DRILL FLAGS in a data directory of its own.
  explicit Lab(const std::string& drill, const std::string& flags = {});
  /// chaosctl down; fails the test when a process of the lab is left.
  ~Lab();

  Output ctl(const std::string& arguments, int seconds = 60) const;
  /// chaosctl ARGUMENTS -o json; fails the test when it did not exit with 0.
  boost::json::value json(const std::string& arguments, int seconds = 60) const;
  boost::json::value status() const { return json("status"); }
  /// One node of the status; a null value when there is none of that name.
  boost::json::value node(const std::string& name) const;
  std::string address(const std::string& node_name) const;
  std::string state(const std::string& node_name) const;      // the phase, "PHASE_READY"
  int pid(const std::string& node_name) const;
  /// Waits until the node is ready and attached.
  bool ready(const std::string& node_name, std::chrono::milliseconds within = std::chrono::seconds(20)) const;
  const std::filesystem::path& data() const { return dir_.path(); }
  bool up() const { return up_; }
  /// Processes whose command line names this lab's data directory.
  std::vector<int> processes() const;

 private:
  TempDir dir_;
  bool up_ = false;
};

/// The path to a drill of the source tree that is made for tests.
std::string test_drill(const std::string& name);

}  // namespace chaos::test
