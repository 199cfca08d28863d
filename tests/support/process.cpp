#include "support/process.hpp"

#include "support/test_node.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace chaos::test {

namespace {

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

std::filesystem::path bin_dir() {
  const char* named = std::getenv("CHAOSLAB_BIN");
  return named ? named : CHAOSLAB_BIN_DIR;
}

std::string tool(const std::string& name) {
  const std::string tools = std::string(CHAOSLAB_SOURCE_DIR) + "/build/tools/usr";
  const std::string found = sh("PATH=" + tools + "/bin:" + tools + "/sbin:$(echo " + tools + "/lib/postgresql/*/bin):$PATH:/usr/sbin:/sbin; command -v " + name).out;
  return found.substr(0, found.find('\n'));
}

Output sh(const std::string& command, int seconds) {
  const std::string quoted = [&] {
    std::string out = "'";
    for (const char c : command) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
  }();
  FILE* pipe = popen(("timeout -k 2 " + std::to_string(seconds) + " bash -c " + quoted + " 2>&1 </dev/null").c_str(), "r");
  Output output;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.out.append(buffer, n);
  output.exit = code_of(pclose(pipe));
  return output;
}

bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds within) {
  const auto give_up = std::chrono::steady_clock::now() + within;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "chaoslab-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Child::Child(std::vector<std::string> args, const std::filesystem::path& log) {
  std::vector<char*> argv;
  for (std::string& arg : args) argv.push_back(arg.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  const int error = posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error(args[0] + ": " + std::generic_category().message(error));
}

Child::~Child() {
  if (result_ >= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Child::signal(int number) const {
  if (result_ < 0) ::kill(pid_, number);
}

int Child::wait(std::chrono::milliseconds within) {
  eventually([this] {
    int status = 0;
    if (result_ < 0 && waitpid(pid_, &status, WNOHANG) == pid_) result_ = code_of(status);
    return result_ >= 0;
  }, within);
  return result_;
}

bool accepts(const std::string& address, unsigned short port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  const bool ok = connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  close(fd);
  return ok;
}

LoneNode::LoneNode(const std::string& role, unsigned short port, const std::string& state, const std::string& address)
    : role_(role), port_(port), address_(address.empty() ? TestNode::fresh_address() : address) {
  std::ofstream(dir_.path() / "state.json") << state;
  start();
}

void LoneNode::start() {
  child_ = std::make_unique<Child>(
      std::vector<std::string>{(bin_dir() / "chaos-node").string(), role_, "--name", role_ + "-1", "--listen", address_, "--data",
                               (dir_.path() / "data").string(), "--state", (dir_.path() / "state.json").string()},
      dir_.path() / "log");
  if (!eventually([this] { return accepts(address_, port_); })) ADD_FAILURE() << role_ << " does not listen: " << log();
}

void LoneNode::kill_and_restart() {
  child_->signal(SIGKILL);
  child_->wait();
  start();
}

std::string LoneNode::log() const { return read_file(dir_.path() / "log"); }

}  // namespace chaos::test
