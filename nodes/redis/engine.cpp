#include "redis/engine.hpp"

#include "redis/text.hpp"

#include <algorithm>
#include <array>

namespace chaos::redis {
namespace {

constexpr std::size_t kExpireAtMost = 2000;    // keys a tick
constexpr std::size_t kSamples = 50;           // of a tenth of a second

constexpr std::array kFamilies{&string_commands, &counter_commands,  &key_commands,    &expiry_commands,
                               &connection_commands, &client_commands, &server_commands, &introspection_commands};

}  // namespace

Engine::Engine(const Clock& clock_in, std::string address_in)
    : clock(clock_in), address(std::move(address_in)), started(clock.now()) {
  for (const auto family : kFamilies) {
    for (const auto& command : family()) {
      table_.emplace(command.name, Row{&command});
      ordered_.push_back(&command);
    }
  }
}

const Command* Engine::find(std::string_view name) const {
  std::array<char, 32> folded;
  if (name.size() > folded.size()) return nullptr;
  std::transform(name.begin(), name.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  const auto found = table_.find(std::string_view(folded.data(), name.size()));
  return found == table_.end() ? nullptr : found->second.command;
}

bool Engine::execute(Client& client, const Command* command, Args args, resp::Writer& out) {
  ++totals.commands;
  client.last_used = clock.now();
  if (!command) return unknown(args, out);
  client.last_command = command->name;
  ++table_.find(command->name)->second.calls;
  Call call{*this, client, args, out, *command, clock.lab_now()};
  if (!arity_fits(command->arity, args.size())) {
    call.wrong_arity();
  } else if (!make_room() && (command->flags & kDenyOom)) {
    ++totals.oom;
    call.error("OOM command not allowed when used memory > 'maxmemory'.");
  } else {
    command->run(call);
  }
  peak_bytes = std::max(peak_bytes, keyspace.used_bytes());
  if (call.failed) ++totals.error_replies;
  return !call.failed;
}

/// As Redis: before each command, so that one command's growth may stand over the limit until the next.
bool Engine::make_room() {
  if (settings.maxmemory == 0 || keyspace.used_bytes() <= settings.maxmemory) return true;
  return settings.evict && keyspace.evict_to(settings.maxmemory);
}

bool Engine::unknown(Args args, resp::Writer& out) {
  constexpr std::size_t kShown = 128;   // as Redis 7, server.c: commandCheckExistence
  std::string text = "ERR unknown command '";
  text += args[0].substr(0, kShown);
  text += "', with args beginning with: ";
  std::size_t shown = 0;
  for (const auto arg : args.subspan(1)) {
    if (shown >= kShown) break;
    const auto part = arg.substr(0, kShown - shown);
    text.append("'").append(part).append("' ");
    shown += part.size() + 3;
  }
  out.error(text);
  ++totals.error_replies;
  return false;
}

void Engine::join(Client& client) {
  client.id = next_id_++;
  client.connected = client.last_used = clock.now();
  clients_.emplace(client.id, &client);
  ++totals.connections;
}

void Engine::tick() {
  keyspace.expire(clock.lab_now(), kExpireAtMost);
  const auto& counters = keyspace.counters();
  const Sample now{clock.now(), totals.commands, counters.hits, counters.misses};
  samples_.push_back(now);
  if (samples_.size() > kSamples) samples_.erase(samples_.begin());
  const Sample& then = samples_.front();
  const double seconds = to_s(now.at - then.at);
  if (seconds > 0) ops_per_second_ = static_cast<double>(now.commands - then.commands) / seconds;
  const auto looked = (now.hits - then.hits) + (now.misses - then.misses);
  if (looked > 0) hit_ratio_ = static_cast<double>(now.hits - then.hits) / static_cast<double>(looked);
}

void Engine::reset_stats() {
  totals = {};
  keyspace.counters() = {};
  samples_.clear();
  for (auto& [name, row] : table_) row.calls = 0;
}

std::uint64_t Engine::calls(const Command& command) const { return table_.find(command.name)->second.calls; }

}  // namespace chaos::redis
