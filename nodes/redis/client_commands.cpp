// CLIENT and its subcommands.
#include "redis/engine.hpp"
#include "redis/identity.hpp"
#include "redis/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace chaos::redis {
namespace {

std::string line(const Call& call, const Client& client) {
  const auto now = call.engine.clock.now();
  return fmt::format("id={} addr={} laddr={} name={} age={} idle={} flags=N db=0 sub=0 psub=0 multi=-1 qbuf={} cmd={} "
                     "user=default resp={} lib-name={} lib-ver={}\n",
                     client.id, client.remote, client.local, client.name,
                     static_cast<std::int64_t>(to_s(now - client.connected)),
                     static_cast<std::int64_t>(to_s(now - client.last_used)), client.unread, client.last_command,
                     client.protocol, client.lib_name, client.lib_version);
}

void list(Call& call) {
  std::string text;
  for (const auto& [id, client] : call.engine.clients()) text += line(call, *client);
  call.out.verbatim(text);
}

void info(Call& call) { call.out.verbatim(line(call, call.client)); }

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
  if (!is_client_name(call.args[3])) {
    return call.error("ERR " + lower(call.args[2]) + " cannot contain spaces, newlines or special characters.");
  }
  *field = call.args[3];
  call.out.ok();
}

void kill(Call& call, Client* victim) {
  if (victim == &call.client) victim->closing = true;   // after the answer
  else victim->close();
}

/// CLIENT KILL addr: the old form, which names one client or fails.
void kill_address(Call& call) {
  for (const auto& [id, client] : call.engine.clients()) {
    if (client->remote != call.args[2]) continue;
    kill(call, client);
    return call.out.ok();
  }
  call.error("ERR No such client");
}

void kill_clients(Call& call) {
  if (call.args.size() == 3) return kill_address(call);
  const bool by_id = is_word(call.args[2], "id");
  if (call.args.size() != 4 || !(by_id || is_word(call.args[2], "addr"))) return call.syntax_error();
  std::int64_t gone = 0;
  for (const auto& [id, client] : call.engine.clients()) {
    if ((by_id ? std::to_string(id) : client->remote) != call.args[3]) continue;
    kill(call, client);
    ++gone;
  }
  call.out.integer(gone);
}

void help(Call& call) {
  constexpr std::array<std::string_view, 8> kLines{
      "CLIENT <subcommand> [<arg> [value] ...]. Subcommands are:", "GETNAME | SETNAME <name>", "ID",
      "INFO -- one line on this connection",                       "LIST -- one line a connection",
      "KILL <addr> | KILL ID <id> | KILL ADDR <addr>",             "SETINFO LIB-NAME|LIB-VER <text>",
      "HELP"};
  call.out.array(kLines.size());
  for (const auto text : kLines) call.out.simple(text);
}

constexpr std::array kSubcommands{
    Subcommand{"getname", 2, getname}, Subcommand{"setname", 3, setname}, Subcommand{"id", 2, id},
    Subcommand{"list", -2, list},      Subcommand{"info", 2, info},       Subcommand{"setinfo", 4, setinfo},
    Subcommand{"kill", -3, kill_clients}, Subcommand{"help", 2, help},
};

void client(Call& call) { run_subcommand(call, kSubcommands); }

constexpr std::array kCommands{
    Command{"client", -2, kLoading | kStale, 0, 0, 0, "connection", "Shows, names and closes connections.", client},
};

}  // namespace

std::span<const Command> client_commands() { return kCommands; }

}  // namespace chaos::redis
