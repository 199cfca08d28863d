#include "support/test_node.hpp"

#include "runtime/schema.hpp"

#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace chaos::test {

namespace {

// An abstract socket of this name is ours until the process ends: no other test takes the address meanwhile.
bool claim(const std::string& address) {
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string text = "chaoslab-test-" + address;
  text.copy(name.sun_path + 1, sizeof name.sun_path - 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
  if (fd >= 0 && bind(fd, reinterpret_cast<const sockaddr*>(&name), length) == 0) return true;
  if (fd >= 0) close(fd);
  return false;
}

}  // namespace

std::string TestNode::fresh_address() {
  static std::atomic<unsigned> next{static_cast<unsigned>(getpid()) * 37};
  for (int tries = 0; tries < 60'000; ++tries) {
    const unsigned n = next++;
    std::string address = "127." + std::to_string(200 + n / 64'516 % 50) + "." + std::to_string(1 + n / 254 % 254) + "." + std::to_string(1 + n % 254);
    if (claim(address)) return address;
  }
  throw std::runtime_error("no address is free for a test");
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
