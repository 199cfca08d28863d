// MULTI, EXEC, DISCARD, WATCH, UNWATCH (https://redis.io/docs/latest/develop/interact/transactions/).
#include "redis/engine.hpp"

#include <array>

namespace chaos::redis {
namespace {

std::uint64_t version_of(Call& call, std::string_view key) {
  const Entry* entry = call.find(key, Call::Use::peek);
  return entry ? entry->version : 0;
}

void multi(Call& call) {
  if (call.client.transaction) return call.error("ERR MULTI calls can not be nested");
  call.client.transaction.emplace();
  call.out.ok();
}

void discard(Call& call) {
  if (!call.client.transaction) return call.error("ERR DISCARD without MULTI");
  call.client.transaction.reset();
  call.client.watched.clear();
  call.out.ok();
}

void exec(Call& call) {
  if (!call.client.transaction) return call.error("ERR EXEC without MULTI");
  const Transaction transaction = std::move(*call.client.transaction);
  const auto watched = std::exchange(call.client.watched, {});
  call.client.transaction.reset();
  if (transaction.broken) return call.error("EXECABORT Transaction discarded because of previous errors.");
  for (const auto& [key, version, made] : watched) {
    if ((made && *made) || version_of(call, key) != version) return call.out.nil_array();
  }
  call.out.array(transaction.queue.size());
  for (const auto& [row, args] : transaction.queue) {
    const std::vector<std::string_view> views(args.begin(), args.end());
    call.engine.run(call.client, *row, views, call.out, {call.engine.clock.now(), {}}, true);
  }
}

void watch(Call& call) {
  if (call.client.transaction) return call.error("ERR WATCH inside MULTI is not allowed");
  constexpr std::size_t kMost = 64 * 1024;
  if (call.client.watched.size() + call.count() > kMost) return call.error("ERR too many keys are watched");
  for (const auto key : call.args.subspan(1)) {
    const auto version = version_of(call, key);
    call.client.watched.push_back({std::string(key), version, version ? nullptr : call.keys().births().watch(key)});
  }
  call.out.ok();
}

void unwatch(Call& call) {
  call.client.watched.clear();
  call.out.ok();
}

constexpr std::array kCommands{
    Command{"multi", 1, kNoscript | kLoading | kStale | kFast | kAllowBusy, 0, 0, 0, "transactions", "1.2.0",
            "Begins a transaction.", multi},
    Command{"exec", 1, kNoscript | kLoading | kStale | kSkipSlowlog, 0, 0, 0, "transactions", "1.2.0",
            "Carries a transaction out.", exec},
    Command{"discard", 1, kNoscript | kLoading | kStale | kFast | kAllowBusy, 0, 0, 0, "transactions", "2.0.0",
            "Gives a transaction up.", discard},
    Command{"watch", -2, kNoscript | kLoading | kStale | kFast | kAllowBusy, 1, -1, 1, "transactions", "2.2.0",
            "Makes EXEC fail when a key changes meanwhile.", watch},
    Command{"unwatch", 1, kNoscript | kLoading | kStale | kFast | kAllowBusy, 0, 0, 0, "transactions", "2.2.0",
            "Forgets every WATCH.", unwatch},
};

}  // namespace

std::span<const Command> transaction_commands() { return kCommands; }

}  // namespace chaos::redis
