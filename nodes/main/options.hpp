// The command line of chaos-node.
#pragma once

#include "runtime/node.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace chaos {

struct NodeOptions {
  std::string role;
  std::string name;                    // default: ROLE-1
  std::string listen = "127.0.0.1";
  std::string advertise;               // by which the other nodes reach it; default: `listen`, or its own on the way to the controller
  std::string controller;              // empty: standalone
  std::filesystem::path data;          // default: ./.chaoslab/nodes/NAME
  std::filesystem::path state;         // standalone: a DesiredState as JSON; empty: presets
  std::uint64_t seed = 1;
  int parent = 0;                      // end when this process is no longer the parent
  int last_words = -1;                 // open descriptor for them (runtime/last_words.hpp); below 0: none
};

/// The options, or the process's exit code (help: 0, wrong arguments: 2, told on standard error).
std::optional<NodeOptions> parse_options(int argc, char** argv, const std::vector<RoleEntry>& roles, int& exit_code);

}  // namespace chaos
