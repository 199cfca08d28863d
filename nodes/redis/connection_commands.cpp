// Commands on the connection (https://redis.io/docs/latest/commands/?group=connection).
#include "redis/engine.hpp"
#include "redis/identity.hpp"
#include "redis/text.hpp"

#include <algorithm>
#include <array>

namespace chaos::redis {
namespace {

void ping(Call& call) {
  if (call.args.size() > 2) return call.wrong_arity();
  if (call.args.size() == 2) return call.out.bulk(call.args[1]);
  call.out.simple("PONG");
}

void echo(Call& call) { call.out.bulk(call.args[1]); }

void quit(Call& call) {
  call.client.closing = true;
  call.out.ok();
}

void auth(Call& call) {
  if (call.args.size() > 3) return call.syntax_error();
  call.error("ERR AUTH <password> called without any password configured for the default user. "
             "Are you sure your configuration is correct?");
}

void select(Call& call) {
  const auto index = call.integer(1);
  if (!index) return;
  if (*index != 0) return call.error("ERR DB index is out of range");
  call.out.ok();
}

/// Reads HELLO's options; false after an answered error.
bool take_hello_options(Call& call) {
  for (std::size_t i = 2; i < call.args.size(); ++i) {
    if (is_word(call.args[i], "auth") && i + 2 < call.args.size()) return auth(call), false;
    if (!is_word(call.args[i], "setname") || i + 1 >= call.args.size()) {
      return call.error("ERR Syntax error in HELLO option '" + std::string(call.args[i]) + "'"), false;
    }
    if (!is_client_name(call.args[++i])) return call.error(kBadClientName), false;
    call.client.name = call.args[i];
  }
  return true;
}

void hello(Call& call) {
  if (call.args.size() > 1) {
    std::int64_t version = 0;
    if (!resp::parse_integer(call.args[1], version)) {
      return call.error("ERR Protocol version is not an integer or out of range");
    }
    if (version < 2 || version > 3) return call.error("NOPROTO unsupported protocol version");
    if (!take_hello_options(call)) return;
    call.client.protocol = static_cast<int>(version);
    call.out.set_protocol(call.client.protocol);
  }
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
  call.client.name.clear();
  call.client.protocol = 2;
  call.out.set_protocol(2);
  call.out.simple("RESET");
}

constexpr unsigned kAlways = kFast | kLoading | kStale;
constexpr std::array kCommands{
    Command{"ping", -1, kFast, 0, 0, 0, "connection", "Answers PONG, or the message.", ping},
    Command{"echo", 2, kFast, 0, 0, 0, "connection", "Returns the message.", echo},
    Command{"quit", -1, kAlways | kNoAuth, 0, 0, 0, "connection", "Closes the connection.", quit},
    Command{"auth", -2, kAlways | kNoAuth, 0, 0, 0, "connection", "Refused: the lab's Redis has no users.", auth},
    Command{"select", 2, kAlways, 0, 0, 0, "connection", "Chooses the database; there is only 0.", select},
    Command{"hello", -1, kAlways | kNoAuth, 0, 0, 0, "connection", "Chooses the protocol version, 2 or 3.", hello},
    Command{"reset", 1, kAlways | kNoAuth, 0, 0, 0, "connection", "Forgets the client's name and protocol.", reset},
};

}  // namespace

bool is_client_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; });
}

std::span<const Command> connection_commands() { return kCommands; }

}  // namespace chaos::redis
