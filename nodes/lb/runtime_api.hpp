// HAProxy's runtime API: command lines in, text out (management guide, section 9.3).
#pragma once

#include "lb/stats.hpp"

#include <string>
#include <string_view>

namespace chaos {

/// One session's interpreter. No sockets. Commands: help, prompt, quit, show stat, show info, show servers state, show
/// backend, set server be/NAME state ready|drain|maint, enable server, disable server, set timeout cli.
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
  using Words = std::vector<std::string_view>;
  std::string answer(const Words& words);
  std::string show(const Words& words);
  std::string show_servers_state(const Words& words);
  std::string set(const Words& words);
  std::string set_server(const Words& words);
  std::string set_state(std::string_view path, AdminState state);
  std::string set_timeout(const Words& words);

  LbControl& lb_;
  bool prompt_ = false;
  bool quit_ = false;
  int timeout_s_ = 10;
};

}  // namespace chaos
