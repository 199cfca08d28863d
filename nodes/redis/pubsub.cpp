#include "redis/pubsub.hpp"

#include <algorithm>

namespace chaos::redis {

bool PubSub::enter(Table& table, Client& client, Names& names, std::string_view name) {
  if (!names.emplace(name).second) return false;
  table[std::string(name)].push_back(&client);
  return true;
}

bool PubSub::leave(Table& table, Client& client, Names& names, std::string_view name) {
  const auto found = names.find(name);
  if (found == names.end()) return false;
  names.erase(found);
  const auto row = table.find(name);
  std::erase(row->second, &client);
  if (row->second.empty()) table.erase(row);
  return true;
}

void PubSub::forget(Client& client) {
  for (const auto& channel : Names(client.channels)) unsubscribe(client, channel);
  for (const auto& pattern : Names(client.patterns)) punsubscribe(client, pattern);
}

}  // namespace chaos::redis
