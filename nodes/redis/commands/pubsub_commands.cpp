// Publish and subscribe, and MONITOR (https://redis.io/docs/latest/commands/?group=pubsub).
#include "redis/engine.hpp"
#include "redis/help.hpp"
#include "redis/values/glob.hpp"

#include <array>

namespace chaos::redis {
namespace {

void confirm(Call& call, std::string_view kind, std::optional<std::string_view> name) {
  call.out.push(3);
  call.out.bulk(kind);
  if (name) call.out.bulk(*name);
  else call.out.nil();
  call.out.integer(static_cast<std::int64_t>(call.client.channels.size() + call.client.patterns.size()));
}

constexpr std::size_t kMost = 64 * 1024;      // subscriptions of one client

bool has_room(Call& call) {
  if (call.client.channels.size() + call.client.patterns.size() + call.count() <= kMost) return true;
  call.error("ERR too many subscriptions");
  return false;
}

void subscribe(Call& call) {
  if (!has_room(call)) return;
  for (const auto channel : call.args.subspan(1)) call.engine.pubsub.subscribe(call.client, channel), confirm(call, "subscribe", channel);
}

void psubscribe(Call& call) {
  if (!has_room(call)) return;
  for (const auto pattern : call.args.subspan(1)) call.engine.pubsub.psubscribe(call.client, pattern), confirm(call, "psubscribe", pattern);
}

using Leave = bool (PubSub::*)(Client&, std::string_view);

void leave(Call& call, std::string_view kind, const std::set<std::string, std::less<>>& names, Leave off) {
  std::vector<std::string> gone(call.args.begin() + 1, call.args.end());
  if (gone.empty()) gone.assign(names.begin(), names.end());
  for (const auto& name : gone) (call.engine.pubsub.*off)(call.client, name), confirm(call, kind, name);
  if (gone.empty()) confirm(call, kind, std::nullopt);
}

void unsubscribe(Call& call) { leave(call, "unsubscribe", call.client.channels, &PubSub::unsubscribe); }
void punsubscribe(Call& call) { leave(call, "punsubscribe", call.client.patterns, &PubSub::punsubscribe); }

void send(Call& call, Client& to, std::initializer_list<std::string_view> words) {
  resp::Writer out(to.out, to.protocol);
  out.push(words.size());
  for (const auto word : words) out.bulk(word);
  call.engine.deliver(to);
}

void publish(Call& call) {
  const auto channel = call.args[1], message = call.args[2];
  std::int64_t reached = 0;
  const auto found = call.engine.pubsub.channels().find(channel);
  if (found != call.engine.pubsub.channels().end()) {
    for (Client* client : std::vector<Client*>(found->second)) send(call, *client, {"message", channel, message}), ++reached;
  }
  std::vector<std::pair<std::string, Client*>> matching;
  for (const auto& [pattern, clients] : call.engine.pubsub.patterns()) {
    if (!glob_match(pattern, channel)) continue;
    for (Client* client : clients) matching.emplace_back(pattern, client);
  }
  for (const auto& [pattern, client] : matching) send(call, *client, {"pmessage", pattern, channel, message}), ++reached;
  call.out.integer(reached);
}

void channels(Call& call) {
  if (call.count() > 3) return call.wrong_arity();
  std::vector<std::string_view> found;
  for (const auto& [channel, clients] : call.engine.pubsub.channels()) {
    if (call.count() == 2 || glob_match(call.args[2], channel)) found.push_back(channel);
  }
  call.out.array(found.size());
  for (const auto channel : found) call.out.bulk(channel);
}

void numsub(Call& call) {
  call.out.array(2 * (call.count() - 2));
  for (const auto channel : call.args.subspan(2)) {
    const auto found = call.engine.pubsub.channels().find(channel);
    call.out.bulk(channel);
    call.out.integer(found == call.engine.pubsub.channels().end() ? 0 : static_cast<std::int64_t>(found->second.size()));
  }
}

void numpat(Call& call) { call.out.integer(static_cast<std::int64_t>(call.engine.pubsub.patterns().size())); }

void help(Call& call) {
  answer_help(call, "PUBSUB", {"CHANNELS [<pattern>]", "    Channels that somebody listens to.", "NUMPAT", "    How many patterns are listened to.",
                               "NUMSUB [<channel> ...]", "    How many listen to each channel."});
}

void monitor(Call& call) {
  if (!call.client.monitor) call.engine.watch_all(call.client);
  call.out.ok();
}

constexpr std::array kSubcommands{
    Command{"channels", -2, kPubsub | kLoading | kStale, 0, 0, 0, "pubsub", "2.8.0",
            "Channels that somebody listens to.", channels},
    Command{"numsub", -2, kPubsub | kLoading | kStale, 0, 0, 0, "pubsub", "2.8.0", "How many listen to each channel.", numsub},
    Command{"numpat", 2, kPubsub | kLoading | kStale, 0, 0, 0, "pubsub", "2.8.0", "How many patterns are listened to.", numpat},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "pubsub", "6.2.0", "Tells the subcommands.", help},
};
constexpr std::array kCommands{
    Command{"subscribe", -2, kPubsub | kNoscript | kLoading | kStale, 0, 0, 0, "pubsub", "2.0.0",
            "Listens to channels.", subscribe},
    Command{"unsubscribe", -1, kPubsub | kNoscript | kLoading | kStale, 0, 0, 0, "pubsub", "2.0.0",
            "Listens to channels no more.", unsubscribe},
    Command{"psubscribe", -2, kPubsub | kNoscript | kLoading | kStale, 0, 0, 0, "pubsub", "2.0.0",
            "Listens to all channels that match patterns.", psubscribe},
    Command{"punsubscribe", -1, kPubsub | kNoscript | kLoading | kStale, 0, 0, 0, "pubsub", "2.0.0",
            "Listens to patterns no more.", punsubscribe},
    Command{"publish", 3, kPubsub | kLoading | kStale | kFast, 0, 0, 0, "pubsub", "2.0.0",
            "Sends a message to a channel.", publish},
    Command{"pubsub", -2, 0, 0, 0, 0, "pubsub", "2.8.0", "Shows who listens.", nullptr, kSubcommands},
    Command{"monitor", 1, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "1.0.0",
            "Shows every command as it is served.", monitor},
};

}  // namespace

std::span<const Command> pubsub_commands() { return kCommands; }

}  // namespace chaos::redis
