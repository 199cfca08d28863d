#include "launch/process.hpp"

#include "runtime/last_words.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace chaos {

namespace {

constexpr rlim_t kStack = 1024 * 1024;
constexpr std::size_t kMostWords = 128;

// Reading never waits: somebody else may have been given the other end.
class Pipe {
 public:
  Pipe() { ok_ = pipe2(ends_, O_CLOEXEC | O_NONBLOCK) == 0; }
  Pipe(const Pipe&) = delete;
  ~Pipe() {
    for (const int end : ends_) {
      if (end >= 0) close(end);
    }
  }
  bool ok() const { return ok_; }
  int write_end() const { return ends_[1]; }
  int take_read_end() { return std::exchange(ends_[0], -1); }

 private:
  int ends_[2] = {-1, -1};
  bool ok_ = false;
};

// A spawned process inherits the limits of this one at that moment.
class SmallStack {
 public:
  SmallStack() {
    getrlimit(RLIMIT_STACK, &before_);
    rlimit small = before_;
    small.rlim_cur = std::min(kStack, before_.rlim_max);
    setrlimit(RLIMIT_STACK, &small);
  }
  SmallStack(const SmallStack&) = delete;
  ~SmallStack() { setrlimit(RLIMIT_STACK, &before_); }

 private:
  rlimit before_{};
};

class FileActions {
 public:
  FileActions(const std::filesystem::path& log, int words) {
    posix_spawn_file_actions_init(&value);
    posix_spawn_file_actions_addopen(&value, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&value, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&value, 1, 2);
    posix_spawn_file_actions_adddup2(&value, words, kLastWordsDescriptor);
    posix_spawn_file_actions_addclosefrom_np(&value, kLastWordsDescriptor + 1);
  }
  FileActions(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&value); }
  posix_spawn_file_actions_t value;
};

class Attributes {
 public:
  Attributes() {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&value);
    posix_spawnattr_setsigmask(&value, &none);
    posix_spawnattr_setsigdefault(&value, &all);
    posix_spawnattr_setpgroup(&value, 0);
    posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Attributes(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&value); }
  posix_spawnattr_t value;
};

ErrorCode system_error(int number) { return {number, boost::system::system_category()}; }

}  // namespace

Result<std::unique_ptr<Process>> Process::start(asio::io_context& io, const Command& command) {
  std::vector<char*> argv;
  for (const std::string& arg : command.args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  Pipe words;
  if (!words.ok()) return system_error(errno);
  const FileActions actions(command.log, words.write_end());
  const Attributes attributes;
  pid_t pid = 0;
  int error = 0;
  {
    const SmallStack small_stack;
    error = posix_spawn(&pid, argv[0], &actions.value, &attributes.value, argv.data(), environ);
  }
  if (error != 0) return system_error(error);
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) {
    error = errno;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return system_error(error);
  }
  return std::unique_ptr<Process>(new Process(io, pid, pidfd, words.take_read_end()));
}

Process::Process(asio::io_context& io, int pid, int pidfd, int words) : pid_(pid), pidfd_(io, pidfd), words_(io, words) {}

Process::~Process() {
  if (reaped_) return;
  signal(SIGKILL);
  reap();
}

void Process::signal(int number) {
  if (!reaped_) syscall(SYS_pidfd_send_signal, pidfd_.native_handle(), number, nullptr, 0);
}

ProcessEnd Process::reap() {
  siginfo_t info{};
  while (waitid(P_PIDFD, static_cast<id_t>(pidfd_.native_handle()), &info, WEXITED) != 0 && errno == EINTR) {}
  reaped_ = true;
  ProcessEnd end;
  end.signaled = info.si_code != CLD_EXITED;
  end.value = info.si_status;
  std::array<char, kMostWords> words{};
  const auto size = read(words_.native_handle(), words.data(), words.size());
  if (size > 0) end.last_words.assign(words.data(), static_cast<std::size_t>(size));
  return end;
}

awaitable<ProcessEnd> Process::wait() {
  co_await pidfd_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
  co_return reap();
}

}  // namespace chaos
