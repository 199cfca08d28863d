#include "support/test_node.hpp"

#include "runtime/schema.hpp"

#include <atomic>
#include <unistd.h>

namespace chaos::test {

std::string TestNode::fresh_address() {
  static std::atomic<unsigned> next{0};
  const unsigned pid = static_cast<unsigned>(getpid());
  const unsigned n = next++;
  return "127." + std::to_string(200 + pid / 65536 % 50) + "." + std::to_string(pid / 256 % 256) + "." + std::to_string(1 + (pid % 256 + n * 7) % 254);
}

TestNode::TestNode(const std::string& role)
    : data(std::filesystem::temp_directory_path() / ("chaoslab-test-" + std::to_string(getpid()) + "-" + fresh_address())),
      log_(role + "-1", clock), deadlines_(io), stats_(registry),
      services_(io.get_executor(), [this](const std::string& name, const std::string& what) { failures.push_back(name + ": " + what); }),
      tasks(io.get_executor(), [this](const std::string& name, const std::string& what) { failures.push_back(name + ": " + what); }),
      ctx{role + "-1", role, fresh_address(), data, io, clock, deadlines_, seams, log_, tasks, stats_, registry, Rng(1),
          [this] { return slowdown; }, [this] { return draining; }, states, &desired} {
  std::filesystem::create_directories(data);
  auto& config = *desired.mutable_config();
  const auto* field = v1::RoleConfig::descriptor()->FindFieldByName(role);
  if (field) config.GetReflection()->MutableMessage(&config, field);
  apply_presets(desired);
  desired.set_duty(v1::DUTY_ACTIVE);
  desired.set_revision(1);
  services_.spawn("deadlines", deadlines_.run());
}

TestNode::~TestNode() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(data, ignored);
}

v1::Peer TestNode::peer(const std::string& role) const {
  v1::Peer peer;
  peer.set_name(role + "-1");
  peer.set_role(role);
  peer.set_address(ctx.address);
  peer.set_duty(v1::DUTY_ACTIVE);
  return peer;
}

void TestNode::stop() {
  asio::post(io, [this] {
    tasks.cancel();
    services_.cancel();
  });
  io.restart();
  io.run_for(std::chrono::seconds(5));
}

}  // namespace chaos::test
