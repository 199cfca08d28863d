#include "support/lab.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include <fstream>
#include <sstream>

namespace chaos::test {

Lab::Lab(const std::string& drill, const std::string& flags) {
  const Output started = ctl("up " + drill + " " + flags, 30);
  up_ = started.exit == 0;
  EXPECT_EQ(started.exit, 0) << started.out;
}

Lab::~Lab() {
  if (up_) {
    const Output ended = ctl("down", 20);
    if (ended.exit != 0 && ended.exit != 3) ADD_FAILURE() << ended.out;
  }
  const bool gone = eventually([this] { return processes().empty(); }, std::chrono::seconds(5));
  if (!gone) ADD_FAILURE() << "processes are left: " << processes().size();
  for (const int pid : processes()) ::kill(pid, SIGKILL);
}

Output Lab::ctl(const std::string& arguments, int seconds) const {
  return sh((bin_dir() / "chaosctl").string() + " --data " + dir_.path().string() + " " + arguments, seconds);
}

boost::json::value Lab::json(const std::string& arguments, int seconds) const {
  const Output output = sh((bin_dir() / "chaosctl").string() + " --data " + dir_.path().string() + " -o json " + arguments + " 2>/dev/null", seconds);
  EXPECT_EQ(output.exit, 0) << arguments << ": " << output.out;
  boost::system::error_code ec;
  auto value = boost::json::parse(output.out, ec);
  EXPECT_FALSE(ec) << arguments << ": " << output.out;
  return value;
}

boost::json::value Lab::node(const std::string& name) const {
  const auto all = status();
  if (!all.is_object()) return nullptr;
  for (const auto& node : all.at("nodes").as_array()) {
    if (node.at("name").as_string() == name) return node;
  }
  return nullptr;
}

std::string Lab::address(const std::string& node_name) const {
  const auto found = node(node_name);
  return found.is_object() ? std::string(found.at("address").as_string()) : std::string{};
}

std::string Lab::state(const std::string& node_name) const {
  const auto found = node(node_name);
  return found.is_object() ? std::string(found.at("phase").as_string()) : std::string{};
}

int Lab::pid(const std::string& node_name) const {
  const auto found = node(node_name);
  return found.is_object() ? std::stoi(std::string(found.at("pid").as_string())) : 0;
}

bool Lab::ready(const std::string& node_name, std::chrono::milliseconds within) const {
  return eventually([&] {
    const auto found = node(node_name);
    return found.is_object() && found.at("attached").as_bool() && found.at("phase").as_string() == "PHASE_READY";
  }, within);
}

std::vector<int> Lab::processes() const {
  std::vector<int> found;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ec)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream in(entry.path() / "cmdline");
    std::stringstream line;
    line << in.rdbuf();
    const std::string text = line.str();
    if (text.find(dir_.path().string()) != std::string::npos && text.find("chaos-") != std::string::npos) found.push_back(std::stoi(name));
  }
  return found;
}

std::string test_drill(const std::string& name) { return std::string(CHAOSLAB_SOURCE_DIR) + "/tests/drills/" + name + ".yaml"; }

}  // namespace chaos::test
