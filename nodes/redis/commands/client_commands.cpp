// CLIENT: connections shown, named, held and let go; CLIENT KILL is in client_kill.cpp.
#include "redis/client_kill.hpp"
#include "redis/client_line.hpp"
#include "redis/help.hpp"
#include "redis/identity.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

void list(Call& call) {
  std::string text;
  const auto& clients = call.engine.clients();
  if (call.count() == 4 && is_word(call.args[2], "type")) {
    if (!is_client_type(call.args[3])) return call.error("ERR Unknown client type '" + std::string(call.args[3]) + "'");
    for (const auto& [id, client] : clients) text += is_of_type(*client, call.args[3]) ? client_line(call.engine, *client) : "";
  } else if (call.count() > 3 && is_word(call.args[2], "id")) {
    for (std::size_t i = 3; i < call.count(); ++i) {
      const auto id = call.integer(i, "ERR Invalid client ID");
      if (!id) return;
      const auto found = clients.find(static_cast<std::uint64_t>(*id));
      if (found != clients.end()) text += client_line(call.engine, *found->second);
    }
  } else if (call.count() != 2) {
    return call.syntax_error();
  } else {
    for (const auto& [id, client] : clients) text += client_line(call.engine, *client);
  }
  call.out.verbatim(text);
}

void info(Call& call) { call.out.verbatim(client_line(call.engine, call.client)); }

void id(Call& call) { call.out.integer(static_cast<std::int64_t>(call.client.id)); }

void getname(Call& call) {
  if (call.client.name.empty()) return call.out.nil();
  call.out.bulk(call.client.name);
}

void setname(Call& call) {
  if (!is_client_name(call.args[2])) return call.error(kBadClientName);
  call.client.name = call.args[2];
  call.out.ok();
}

void setinfo(Call& call) {
  std::string* field = is_word(call.args[2], "lib-name")  ? &call.client.lib_name
                       : is_word(call.args[2], "lib-ver") ? &call.client.lib_version
                                                          : nullptr;
  if (!field) return call.error("ERR Unrecognized option '" + std::string(call.args[2]) + "'");
  if (!is_client_name(call.args[3])) return call.error("ERR " + lower(call.args[2]) + " cannot contain spaces, newlines or special characters.");
  *field = call.args[3];
  call.out.ok();
}

void set_flag(Call& call, bool& flag) {
  const bool on = is_word(call.args[2], "on");
  if (!on && !is_word(call.args[2], "off")) return call.syntax_error();
  flag = on;
  call.out.ok();
}

void no_evict(Call& call) { set_flag(call, call.client.no_evict); }
void no_touch(Call& call) { set_flag(call, call.client.no_touch); }

void pause(Call& call) {
  if (call.count() > 4) return call.syntax_error();
  const bool writes = call.count() == 4 && is_word(call.args[3], "write");
  if (call.count() == 4 && !writes && !is_word(call.args[3], "all")) return call.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
  const auto ms = call.integer(2, "ERR timeout is not an integer or out of range");
  if (!ms) return;
  if (*ms < 0) return call.error("ERR timeout is negative");
  constexpr std::int64_t kMost = 1'000'000'000'000;
  call.engine.pause(call.engine.clock.now() + std::chrono::milliseconds(std::min(*ms, kMost)), writes);
  call.out.ok();
}

void unpause(Call& call) {
  call.engine.unpause();
  call.out.ok();
}

void reply(Call& call) {
  using Reply = Client::Reply;
  if (is_word(call.args[2], "on")) {
    call.client.reply = Reply::on;
    return call.out.ok();
  }
  if (is_word(call.args[2], "off")) call.client.reply = Reply::off;
  else if (!is_word(call.args[2], "skip")) call.syntax_error();
  else if (call.client.reply != Reply::off) call.client.reply = Reply::skip_next;
}

void unblock(Call& call) {
  const bool error = call.count() == 4 && is_word(call.args[3], "error");
  if (call.count() == 4 && !error && !is_word(call.args[3], "timeout")) {
    return call.error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  }
  const auto id = call.integer(2);
  if (!id) return;
  const auto found = call.engine.clients().find(static_cast<std::uint64_t>(*id));
  const bool waits = found != call.engine.clients().end() && found->second->blocked;
  if (waits) call.engine.unblock(*found->second, error ? "UNBLOCKED client unblocked via CLIENT UNBLOCK" : "");
  call.out.integer(waits);
}

void getredir(Call& call) { call.out.integer(-1); }   // tracking is always off

void tracking(Call& call) {
  if (call.count() == 3 && is_word(call.args[2], "off")) return call.out.ok();
  call.error("ERR client side caching is not supported by this node");
}

void help(Call& call) {
  answer_help(call, "CLIENT", {"GETNAME | SETNAME <name>", "    The name of this connection.", "ID | INFO", "    This connection.",
                               "LIST [TYPE <type> | ID <id> ...]", "    One line a connection.",
                               "KILL <addr> | KILL [ID <id>] [TYPE <type>] [USER <user>] [ADDR <addr>] [LADDR <addr>] [SKIPME yes|no]",
                               "    Closes connections.", "PAUSE <ms> [WRITE|ALL] | UNPAUSE", "    Lets commands wait.",
                               "REPLY ON|OFF|SKIP", "    Whether this connection gets answers.", "UNBLOCK <id> [TIMEOUT|ERROR]",
                               "    Ends the wait of a blocking command.", "NO-EVICT ON|OFF | NO-TOUCH ON|OFF",
                               "    Flags of this connection.", "SETINFO LIB-NAME|LIB-VER <text>", "    The library of this connection."});
}

constexpr unsigned kFlags = kNoscript | kLoading | kStale;
constexpr std::array kClient{
    Command{"getname", 2, kNoscript | kLoading | kStale, 0, 0, 0, "connection", "2.6.9", "The name of this connection.", getname},
    Command{"setname", 3, kNoscript | kLoading | kStale, 0, 0, 0, "connection", "2.6.9", "Names this connection.", setname},
    Command{"id", 2, kNoscript | kLoading | kStale, 0, 0, 0, "connection", "5.0.0", "The number of this connection.", id},
    Command{"list", -2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "connection", "2.4.0", "All connections.", list},
    Command{"info", 2, kNoscript | kLoading | kStale, 0, 0, 0, "connection", "6.2.0", "This connection.", info},
    Command{"setinfo", 4, kFlags, 0, 0, 0, "connection", "7.2.0", "Names the library of this connection.", setinfo},
    Command{"kill", -3, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "connection", "2.4.0",
            "Closes connections.", kill_clients},
    Command{"no-evict", 3, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "connection", "7.0.0",
            "A flag of this connection; clients are never evicted here.", no_evict},
    Command{"no-touch", 3, kFlags, 0, 0, 0, "connection", "7.2.0", "This connection's reads do not count as use.", no_touch},
    Command{"pause", -3, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "connection", "2.9.50", "Lets commands wait.", pause},
    Command{"unpause", 2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "connection", "6.2.0", "Ends CLIENT PAUSE.", unpause},
    Command{"reply", 3, kNoscript | kLoading | kStale, 0, 0, 0, "connection", "3.2.0",
            "Whether this connection gets answers.", reply},
    Command{"unblock", -3, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "connection", "5.0.0",
            "Ends the wait of a blocking command.", unblock},
    Command{"getredir", 2, kNoscript | kLoading | kStale, 0, 0, 0, "connection", "6.0.0",
            "Where tracking tells: nowhere.", getredir},
    Command{"tracking", -3, kNoscript | kLoading | kStale, 0, 0, 0, "connection", "6.0.0",
            "Refused: there is no client side caching.", tracking},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "connection", "5.0.0", "Tells the subcommands.", help},
};
constexpr std::array kCommands{
    Command{"client", -2, 0, 0, 0, 0, "connection", "2.4.0", "Shows, names and closes connections.", nullptr, kClient},
};

}  // namespace

std::span<const Command> client_commands() { return kCommands; }

}  // namespace chaos::redis
