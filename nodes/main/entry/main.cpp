#include "faults/fault_table.hpp"
#include "main/node_process.hpp"
#include "main/role_table.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

// A node never outlives the controller that started it. The signal is set before the parent is looked at, so that
// a parent that died in between is noticed.
bool parent_lives(int parent) {
  if (parent == 0) return true;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return getppid() == parent;
}

}  // namespace

int main(int argc, char** argv) {
  mallopt(M_ARENA_MAX, 2);
  std::signal(SIGPIPE, SIG_IGN);
  setenv("GRPC_VERBOSITY", "NONE", 0);     // an absent controller is told by the node's own log
  const auto roles = chaos::role_table();
  int exit_code = 0;
  const auto options = chaos::parse_options(argc, argv, roles, exit_code);
  if (!options) return exit_code;
  if (!parent_lives(options->parent)) return 1;

  chaos::MakeRole make = nullptr;
  for (const chaos::RoleEntry& role : roles) {
    if (role.name == options->role) make = role.make;
  }
  std::error_code ec;
  std::filesystem::create_directories(options->data, ec);
  if (ec) {
    std::fprintf(stderr, "chaos-node: %s: %s\n", options->data.c_str(), ec.message().c_str());
    return 1;
  }
  chaos::asio::io_context io(1);
  int code = 1;
  {
    chaos::NodeProcess node(io, *options, make, chaos::fault_table());
    auto ended = [&](std::exception_ptr error, int result) {
      code = result;
      if (error) {
        try {
          std::rethrow_exception(error);
        } catch (const std::exception& e) {
          std::fprintf(stderr, "chaos-node: %s\n", e.what());
          code = 1;
        }
      }
      io.stop();
    };
    auto run = node.run();
    chaos::asio::co_spawn(io, std::move(run), ended);
    io.run();
  }
  return code;
}
