// HAProxy's runtime API: command lines in, text out (management guide, section 9.3).
#pragma once

#include "lb/control.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace chaos {

/// One session's interpreter. No sockets. Its commands are those that `help` lists; texts are HAProxy 2.6's.
class RuntimeApi {
 public:
  explicit RuntimeApi(LbControl& lb) : lb_(lb) {}

  struct Reply {
    std::string text;      // each command's answer ends with an empty line
    bool close = false;
  };
  /// One line without its end; ';' separates commands. Without a prompt the session is over after one line.
  Reply run(std::string_view line);
  /// How long the session may be silent; the default is HAProxy's.
  int timeout_s() const { return timeout_s_; }

 private:
  using Words = std::vector<std::string>;
  std::string answer(const Words& words);

  // runtime_show.cpp
  std::string show(const Words& words);
  std::string show_stat(const Words& words);
  std::string show_info(const Words& words);
  std::string show_servers(const Words& words);
  std::string show_sessions(const Words& words);
  std::string show_session(const SessionView& session);

  // runtime_set.cpp
  std::string set(const Words& words);
  std::string set_server(const Words& words);
  std::string set_option(const ServerView& server, const Words& words);
  std::string set_agent(const ServerView& server, const Words& words);    // runtime_agent.cpp
  std::string enable_agent(const ServerView& server, bool on);
  std::string set_weight(const ServerView& server, const std::string& text);
  std::string set_maxconn(const Words& words);
  std::string set_timeout(const Words& words);
  std::string get(const Words& words);
  std::string enable(const Words& words, bool on);
  std::string enable_frontend(const std::string& name, bool on);
  std::string set_state(const ServerView& server, AdminState state);
  std::string shut_down(const Words& words);
  std::string clear(const Words& words);

  LbControl& lb_;
  bool prompt_ = false;
  bool quit_ = false;
  int timeout_s_ = 10;
};

namespace runtime_api {

/// The commands of a line, each in its words; a backslash takes the next character as it is.
std::vector<std::vector<std::string>> split_commands(std::string_view line);
/// The word at `at`, or nothing.
std::string_view word(const std::vector<std::string>& words, std::size_t at);
/// A whole number that is all of the text.
std::optional<std::int64_t> number(std::string_view text);
/// "help" and its selection by the words that follow.
std::string help(const std::vector<std::string>& words);
/// What a command that is none is answered with.
std::string unknown(const std::vector<std::string>& words);

/// For an option of `set server` that is none.
inline constexpr std::string_view kServerUsage =
    "usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | agent-send | check-addr | check-port | fqdn | health | ssl | state | weight\n";

/// The server that "be/NAME" names, or the error.
struct Found {
  std::optional<ServerView> server;
  std::string error;
};
Found find_server(LbControl& lb, std::string_view path);

}  // namespace runtime_api

}  // namespace chaos
