#include "cli/lab_process.hpp"

#include "cli/drill_choice.hpp"
#include "cli/print.hpp"
#include "cli/view.hpp"
#include "drill/drill_folders.hpp"
#include "lab/node_state.hpp"
#include "launch/log_tail.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

extern char** environ;

namespace chaos::cli {

namespace {

using Milliseconds = std::chrono::milliseconds;
constexpr std::chrono::seconds kHangs{40};       // the controller gives up after 30 s and says why
constexpr std::chrono::seconds kTellEvery{2};

// Two of the controller's exit codes are chaosctl's own.
ExitCode exit_code_of(int status) {
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : kFailed;
  return code == kNotNow || code == kNotFound ? static_cast<ExitCode>(code) : kFailed;
}

std::string awaited(const v1::LabStatus& status) {
  std::string text;
  for (const auto& node : status.nodes()) {
    const std::string state = state_word(node);
    if (node.duty() == v1::DUTY_ACTIVE && state != "ready") text += (text.empty() ? "waiting for " : ", ") + node.name() + " (" + state + ")";
  }
  return text.empty() ? "waiting for the load balancer's checks" : text;
}

std::vector<std::string> arguments(const Cli& cli, const LaunchOptions& options, const std::string& drill) {
  std::vector<std::string> args{(own_folder() / "chaos-controller").string(), "--data", cli.data.string(), "--octet", std::to_string(options.octet)};
  if (options.resume) args.emplace_back("--resume");
  else args.insert(args.end(), {"--drill", drill, "--seed", std::to_string(options.seed), "--speed", std::to_string(options.speed)});
  if (!options.responder.empty()) args.insert(args.end(), {"--responder", options.responder});
  if (options.end_with_run) args.emplace_back("--end-with-run");
  if (!options.detached) args.insert(args.end(), {"--parent", std::to_string(getpid())});
  return args;
}

// Its own session or group: a Ctrl-C in the terminal reaches this process, which then ends the lab politely.
// Of what this process has open nothing is left to it.
int spawn(const std::vector<std::string>& args, bool detached, const std::filesystem::path& log) {
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (out < 0) throw Failure(kFailed, log.string() + ": " + std::generic_category().message(errno));
  std::vector<char*> argv;
  for (const std::string& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out, 1);
  posix_spawn_file_actions_adddup2(&files, out, 2);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | (detached ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP)));
  pid_t pid = 0;
  const int error = posix_spawn(&pid, argv[0], &files, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  close(out);
  if (error != 0) throw Failure(kFailed, args[0] + ": " + std::generic_category().message(error));
  return pid;
}

// What it complained of, else the end of its log.
std::string last_words(const std::filesystem::path& log, const std::string& end) {
  constexpr std::size_t kLines = 5;
  constexpr std::string_view kComplaint = "chaos-controller: ";
  const std::vector<std::string> lines = LogTail(log).last(1000);
  std::string complaint;
  for (const std::string& line : lines) {
    if (line.starts_with(kComplaint)) complaint = line.substr(kComplaint.size());
    else if (!complaint.empty() && !line.starts_with('{')) complaint += "\n" + line;
  }
  if (!complaint.empty()) return complaint;
  std::string out = "the controller " + end + "; its last words (" + log.string() + "):";
  for (std::size_t i = lines.size() > kLines ? lines.size() - kLines : 0; i < lines.size(); ++i) out += "\n  " + lines[i];
  return out;
}

}  // namespace

void add_launch_flags(CLI::App& verb, LaunchOptions& options) {
  verb.add_option("--seed", options.seed, "seed of all chance in the run")->capture_default_str();
  verb.add_option("--speed", options.speed, "lab seconds in a real second; 60: a day takes 24 minutes")->check(CLI::Range(1.0, 1440.0))->capture_default_str();
  verb.add_option("--responder", options.responder, "let a responder of the drill be on call (default: you are)");
  verb.add_option("--octet", options.octet, "the lab's addresses are 127.OCTET.x.y (default: the first free from 42)")->check(CLI::Range(1, 254));
}

LabProcess::LabProcess(Cli& cli, const LaunchOptions& options) : detached_(options.detached) {
  const std::filesystem::path drill = options.resume ? std::filesystem::path{} : chosen_drill(options.drill, options.responder).path;
  if (const LabFile there = read_lab_file(cli.data); there.pid != 0) {
    throw Failure(kNotNow, "a lab is up in " + cli.data.string() + " (pid " + std::to_string(there.pid) + ")\nend it: " + cli.self() + " down      (or use another data directory: --data DIR)");
  }
  std::error_code ec;
  std::filesystem::create_directories(cli.data / "logs", ec);
  if (ec) throw Failure(kFailed, cli.data.string() + ": " + ec.message());
  log_ = cli.data / "logs" / "controller.log";
  pid_ = spawn(arguments(cli, options, drill.string()), detached_, log_);
}

LabProcess::~LabProcess() {
  if (!detached_) end();
}

bool LabProcess::ended() {
  if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return ended_;
}

bool LabProcess::died() const { return ended_ && WIFSIGNALED(status_); }

std::string LabProcess::how_it_ended() const {
  if (!ended_) return "still lives";
  if (WIFEXITED(status_)) return "ended with exit code " + std::to_string(WEXITSTATUS(status_));
  const char* name = sigabbrev_np(WTERMSIG(status_));
  return std::string("was killed by SIG") + (name ? name : std::to_string(WTERMSIG(status_)));
}

bool LabProcess::wait_running(Cli& cli, const Interrupt& interrupt) {
  const auto begin = std::chrono::steady_clock::now();
  const auto give_up = begin + kHangs;
  auto tell = begin + kTellEvery;
  while (!interrupt.came()) {
    const auto now = std::chrono::steady_clock::now();
    if (now > give_up) throw Failure(kTimedOut, "the lab is not ready and its controller hangs; see " + log_.string());
    if (ended() && WIFEXITED(status_) && WEXITSTATUS(status_) == 0) return true;      // a short run, all done
    if (ended()) throw Failure(exit_code_of(status_), last_words(log_, how_it_ended()));
    const auto status = asked(cli);
    if (status && status->state() != "starting" && status->state() != "ended") return true;     // ended: with its run, or in vain
    if (status && now > tell) {
      tell = now + kTellEvery;
      std::cerr << "starting, " << std::chrono::duration_cast<std::chrono::seconds>(now - begin).count() << " s: " << awaited(*status) << std::endl;
    }
    std::this_thread::sleep_for(Milliseconds(10));
  }
  return false;
}

// None until this process's controller answers.
std::optional<v1::LabStatus> LabProcess::asked(Cli& cli) const {
  if (read_lab_file(cli.data).pid != pid_) return std::nullopt;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  v1::LabStatus status;
  return cli.lab().GetStatus(&context, {}, &status).ok() ? std::optional(status) : std::nullopt;
}

void LabProcess::end() {
  if (pid_ == 0 || ended()) return;
  kill(pid_, SIGTERM);
  for (int waited = 0; waited < 10000 && !ended(); waited += 10) std::this_thread::sleep_for(Milliseconds(10));
  if (ended()) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
  ended_ = true;
}

// A process that nobody has reaped yet has ended all the same.
bool wait_gone(int pid, int ms) {
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) return true;
  pollfd wait{pidfd, POLLIN, 0};
  const bool gone = poll(&wait, 1, ms) > 0;
  close(pidfd);
  return gone;
}

}  // namespace chaos::cli
