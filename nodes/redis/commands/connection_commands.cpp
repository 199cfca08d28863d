// Commands on the connection (https://redis.io/docs/latest/commands/?group=connection).
#include "redis/engine.hpp"
#include "redis/help.hpp"
#include "redis/identity.hpp"
#include "redis/values/text.hpp"

#include <algorithm>
#include <array>

namespace chaos::redis {
namespace {

void ping(Call& call) {
  if (call.count() > 2) return call.wrong_arity();
  if (call.client.protocol == 2 && call.client.subscribed()) {
    call.out.array(2);
    call.out.bulk("pong");
    return call.out.bulk(call.count() == 2 ? call.args[1] : std::string_view());
  }
  if (call.count() == 2) return call.out.bulk(call.args[1]);
  call.out.simple("PONG");
}

void echo(Call& call) { call.out.bulk(call.args[1]); }

void quit(Call& call) {
  call.client.closing = true;
  call.out.ok();
}

/// Compares in a time that does not tell how much is right.
bool same(std::string_view a, std::string_view b) {
  unsigned char difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ (b.empty() ? 0 : b[i % b.size()]));
  return difference == 0;
}

/// False after an answered error. There is one user, "default".
bool log_in(Call& call, std::string_view user, std::string_view password) {
  const auto& wanted = call.engine.settings.password;
  if (user != "default" || (!wanted.empty() && !same(password, wanted))) {
    call.error("WRONGPASS invalid username-password pair or user is disabled.");
    return false;
  }
  call.client.authenticated = true;
  return true;
}

void auth(Call& call) {
  if (call.count() > 3) return call.syntax_error();
  if (call.count() == 2 && call.engine.settings.password.empty()) {
    return call.error("ERR AUTH <password> called without any password configured for the default user. "
                      "Are you sure your configuration is correct?");
  }
  if (log_in(call, call.count() == 3 ? call.args[1] : "default", call.args.back())) call.out.ok();
}

void select(Call& call) {
  const auto index = call.integer(1);
  if (!index) return;
  if (*index != 0) return call.error("ERR DB index is out of range");
  call.out.ok();
}

/// Reads HELLO's options; false after an answered error.
bool take_hello_options(Call& call) {
  std::optional<std::string_view> name;
  for (std::size_t i = 2; i < call.count(); ++i) {
    if (is_word(call.args[i], "auth") && i + 2 < call.count()) {
      if (!log_in(call, call.args[i + 1], call.args[i + 2])) return false;
      i += 2;
    } else if (is_word(call.args[i], "setname") && i + 1 < call.count()) {
      name = call.args[++i];
      if (!is_client_name(*name)) return call.error(kBadClientName), false;
    } else {
      return call.error("ERR Syntax error in HELLO option '" + std::string(call.args[i]) + "'"), false;
    }
  }
  if (!call.engine.settings.password.empty() && !call.client.authenticated) {
    return call.error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> "
                      "<pass> option can be used to authenticate the client and select the RESP protocol version at the same time"), false;
  }
  if (name) call.client.name = *name;
  return true;
}

void hello(Call& call) {
  std::int64_t version = call.client.protocol;
  if (call.count() > 1 && !resp::parse_integer(call.args[1], version)) {
    return call.error("ERR Protocol version is not an integer or out of range");
  }
  if (version < 2 || version > 3) return call.error("NOPROTO unsupported protocol version");
  if (!take_hello_options(call)) return;
  call.client.protocol = static_cast<int>(version);
  call.out.set_protocol(call.client.protocol);
  auto& out = call.out;
  out.map(7);
  out.bulk("server"), out.bulk("redis");
  out.bulk("version"), out.bulk(kRedisVersion);
  out.bulk("proto"), out.integer(call.client.protocol);
  out.bulk("id"), out.integer(static_cast<std::int64_t>(call.client.id));
  out.bulk("mode"), out.bulk("standalone");
  out.bulk("role"), out.bulk("master");
  out.bulk("modules"), out.array(0);
}

void reset(Call& call) {
  call.engine.reset(call.client);
  call.out.set_protocol(2);
  call.out.simple("RESET");
}

void whoami(Call& call) { call.out.bulk("default"); }

void acl_list(Call& call) {
  call.out.array(1);
  call.out.bulk(call.engine.settings.password.empty() ? "user default on nopass ~* &* +@all" : "user default on #hidden ~* &* +@all");
}

void acl_users(Call& call) {
  call.out.array(1);
  call.out.bulk("default");
}

void acl_help(Call& call) {
  answer_help(call, "ACL", {"LIST", "    The one user, in the form of an ACL file.", "USERS", "    Its name.", "WHOAMI", "    The user of this connection."});
}

constexpr std::array kAcl{
    Command{"whoami", 2, kNoscript | kLoading | kStale, 0, 0, 0, "server", "6.0.0", "The user of this connection.", whoami},
    Command{"list", 2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "6.0.0", "The one user there is.", acl_list},
    Command{"users", 2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "6.0.0",
            "The name of the one user there is.", acl_users},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "server", "6.0.0", "Tells the subcommands.", acl_help},
};
constexpr std::array kCommands{
    Command{"ping", -1, kFast, 0, 0, 0, "connection", "1.0.0", "Answers PONG, or the message.", ping},
    Command{"echo", 2, kLoading | kStale | kFast, 0, 0, 0, "connection", "1.0.0", "Returns the message.", echo},
    Command{"quit", -1, kNoscript | kLoading | kStale | kFast | kNoAuth | kAllowBusy, 0, 0, 0, "connection", "1.0.0",
            "Closes the connection.", quit},
    Command{"auth", -2, kNoscript | kLoading | kStale | kFast | kNoAuth | kAllowBusy, 0, 0, 0, "connection", "1.0.0",
            "Logs in with the password.", auth},
    Command{"select", 2, kLoading | kStale | kFast, 0, 0, 0, "connection", "1.0.0",
            "Chooses the database; there is only 0.", select},
    Command{"hello", -1, kNoscript | kLoading | kStale | kFast | kNoAuth | kAllowBusy, 0, 0, 0, "connection", "6.0.0",
            "Chooses the protocol version, logs in, names the connection.", hello},
    Command{"reset", 1, kNoscript | kLoading | kStale | kFast | kNoAuth | kAllowBusy, 0, 0, 0, "connection", "6.2.0",
            "Makes the connection like a new one.", reset},
    Command{"acl", -2, 0, 0, 0, 0, "server", "6.0.0", "Shows the one user there is.", nullptr, kAcl},
};

}  // namespace

bool is_client_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; });
}

std::span<const Command> connection_commands() { return kCommands; }

}  // namespace chaos::redis
