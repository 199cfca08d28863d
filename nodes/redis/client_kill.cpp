#include "redis/client_kill.hpp"

#include "redis/client_line.hpp"
#include "redis/values/text.hpp"

namespace chaos::redis {
namespace {

struct Filter {
  std::optional<std::uint64_t> id;
  std::optional<std::string_view> type, user, remote, local;
  bool skip_me = true;

  bool matches(const Client& client, const Client& me) const {
    if (id && *id != client.id) return false;
    if (type && !is_of_type(client, *type)) return false;
    if (user && *user != "default") return false;
    if (remote && *remote != client.remote) return false;
    if (local && *local != client.local) return false;
    return !(skip_me && &client == &me);
  }
};

/// One pair of the new form; false after an answered error.
bool take_pair(Call& call, std::string_view word, std::size_t at, Filter& filter) {
  const auto value = call.args[at];
  if (is_word(word, "id")) {
    const auto id = call.integer(at, "ERR client-id should be greater than 0");
    if (id && *id <= 0) call.error("ERR client-id should be greater than 0");
    if (id && *id > 0) filter.id = static_cast<std::uint64_t>(*id);
    return filter.id.has_value();
  }
  if (is_word(word, "skipme") && (is_word(value, "yes") || is_word(value, "no"))) {
    filter.skip_me = is_word(value, "yes");
  } else if (is_word(word, "type")) {
    if (!is_client_type(value)) return call.error("ERR Unknown client type '" + std::string(value) + "'"), false;
    filter.type = value;
  } else if (is_word(word, "user")) {
    if (value != "default") return call.error("ERR No such user '" + std::string(value) + "'"), false;
    filter.user = value;
  } else if (is_word(word, "addr")) {
    filter.remote = value;
  } else if (is_word(word, "laddr")) {
    filter.local = value;
  } else {
    return call.syntax_error(), false;
  }
  return true;
}

std::int64_t kill_matching(Call& call, const Filter& filter) {
  std::vector<Client*> victims;
  for (const auto& [id, client] : call.engine.clients()) {
    if (filter.matches(*client, call.client)) victims.push_back(client);
  }
  for (Client* victim : victims) {
    if (victim == &call.client) victim->closing = true;   // after the answer
    else victim->close();
  }
  return static_cast<std::int64_t>(victims.size());
}

}  // namespace

void kill_clients(Call& call) {
  Filter filter;
  if (call.count() == 3) {                     // the old form names one client or fails
    filter.remote = call.args[2];
    filter.skip_me = false;
    if (kill_matching(call, filter) == 0) return call.error("ERR No such client");
    return call.out.ok();
  }
  if (call.count() % 2 != 0) return call.syntax_error();
  for (std::size_t i = 2; i < call.count(); i += 2) {
    if (!take_pair(call, call.args[i], i + 1, filter)) return;
  }
  call.out.integer(kill_matching(call, filter));
}

}  // namespace chaos::redis
