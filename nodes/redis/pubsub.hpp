// Who listens to which channel (https://redis.io/docs/latest/develop/interact/pubsub/).
#pragma once

#include "redis/client.hpp"

#include <map>
#include <vector>

namespace chaos::redis {

class PubSub {
 public:
  using Table = std::map<std::string, std::vector<Client*>, std::less<>>;

  /// False when the client listens to it already.
  bool subscribe(Client& client, std::string_view channel) { return enter(channels_, client, client.channels, channel); }
  bool psubscribe(Client& client, std::string_view pattern) { return enter(patterns_, client, client.patterns, pattern); }
  bool unsubscribe(Client& client, std::string_view channel) { return leave(channels_, client, client.channels, channel); }
  bool punsubscribe(Client& client, std::string_view pattern) { return leave(patterns_, client, client.patterns, pattern); }
  void forget(Client& client);
  const Table& channels() const { return channels_; }
  const Table& patterns() const { return patterns_; }

 private:
  using Names = std::set<std::string, std::less<>>;
  static bool enter(Table& table, Client& client, Names& names, std::string_view name);
  static bool leave(Table& table, Client& client, Names& names, std::string_view name);

  Table channels_, patterns_;
};

}  // namespace chaos::redis
