// The engine's clients: who waits for what, who gets messages, who is closed.
#include "redis/engine.hpp"
#include "redis/values/text.hpp"

#include <fmt/format.h>

#include <poll.h>

namespace chaos::redis {
namespace {

constexpr std::size_t kExpireAtMost = 2000;    // keys a tick
constexpr std::size_t kSamples = 50;           // of a tenth of a second

/// The peer has closed its side, whether or not bytes of it still stand in the socket.
bool hung_up(int descriptor) {
  if (descriptor < 0) return false;
  pollfd look{descriptor, POLLRDHUP, 0};
  return poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

void Engine::join(Client& client) {
  client.id = next_id_++;
  client.connected = client.last_used = clock.now();
  client.authenticated = settings.password.empty();
  clients_.emplace(client.id, &client);
  ++totals.connections;
}

void Engine::leave(Client& client) {
  if (clients_.erase(client.id) == 0) return;
  pubsub.forget(client);
  std::erase(waiting_, &client);
  std::erase(monitors_, &client);
}

void Engine::reset(Client& client) {
  pubsub.forget(client);
  std::erase(monitors_, &client);
  client.monitor = false;
  client.transaction.reset();
  client.watched.clear();
  client.name.clear();
  client.protocol = 2;
  client.reply = Client::Reply::on;
  client.no_evict = client.no_touch = false;
  client.authenticated = settings.password.empty();
}

void Engine::unblock(Client& client, std::string_view error) {
  if (!client.blocked) return;
  resp::Writer out(client.out, client.protocol);
  if (!error.empty()) {
    out.error(error);
    count_error(error);
  } else {
    client.blocked->time_out(client.out, client.protocol);
  }
  client.blocked.reset();
  std::erase(waiting_, &client);
  if (!client.busy && client.wake) client.wake();
}

/// Runs a waiting command again; true when it has its answer now.
bool Engine::retry(Client& client) {
  const auto& blocked = *client.blocked;
  const std::vector<std::string_view> args(blocked.args.begin(), blocked.args.end());
  resp::Writer out(client.out, client.protocol);
  Call call{*this, client, args, out, *blocked.row->command, clock.lab_now()};
  const auto written = client.out.size();
  blocked.row->command->run(call);
  if (call.failed) client.out.resize(written);     // a key of another type: as if it were not there
  if (call.waits || call.failed) return false;
  client.blocked.reset();
  std::erase(waiting_, &client);
  if (!client.busy && client.wake) client.wake();
  return true;
}

/// What one served client writes may serve the next (BLMOVE).
void Engine::retry_blocked() {
  while (retried_at_ != keyspace.changes()) {
    retried_at_ = keyspace.changes();
    for (Client* client : std::vector<Client*>(waiting_)) retry(*client);
  }
}

RealTime Engine::gate(const Row* row) const {
  const bool pauses = !pauses_writes_only_ || (row && (row->command->flags & kWrite)) || (row && row->name == "exec") || (row && row->name == "publish");
  return pauses ? std::max(busy_until, paused_until_) : busy_until;
}

void Engine::pause(RealTime until, bool writes_only) {
  paused_until_ = std::max(paused_until_, until);
  pauses_writes_only_ = writes_only;
}

void Engine::unpause() {
  paused_until_ = {};
  opened();
}

const OutputLimit& Engine::output_limit(const Client& client) const { return client.subscribed() ? settings.pubsub : settings.normal; }

void Engine::over_limit(Client& client) {
  client.closing = true;
  ++totals.output_closes;
}

void Engine::deliver(Client& client) {
  const auto& limit = output_limit(client);
  if (client.closing) {
    client.out.clear();
    return;
  }
  if (client.output() > (limit.hard != 0 ? limit.hard : kMostOutput)) {
    over_limit(client);
    client.out.clear();
    if (client.close) client.close();
    return;
  }
  if (!client.busy && client.wake) client.wake();
}

void Engine::feed_monitors(const Client& client, Args args) {
  const auto now = unix_us();
  std::string line = fmt::format("{}.{:06} [0 {}]", now / 1'000'000, now % 1'000'000, client.remote);
  const bool secret = is_word(args[0], "auth") || is_word(args[0], "hello");
  for (std::size_t i = 0; i < args.size(); ++i) {
    line += ' ';
    append_quoted(line, secret && i > 0 ? "(redacted)" : args[i]);
  }
  for (Client* monitor : std::vector<Client*>(monitors_)) {
    resp::Writer(monitor->out, monitor->protocol).simple(line);
    deliver(*monitor);
  }
}

std::uint64_t Engine::clients_bytes() const {
  std::uint64_t out = 0;
  for (const auto& [id, client] : clients_) out += sizeof(Client) + client->out.capacity() + client->sending + client->unread;
  return out;
}

void Engine::tick() {
  if (clock.now() < busy_until) return;      // the command thread has no time
  const RealTime begin = clock.now();
  keyspace.expire(clock.lab_now(), kExpireAtMost);
  const RealTime now = clock.now();
  totals.expiring += now - begin;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - begin).count();
  if (settings.latency_ms > 0 && ms >= settings.latency_ms) latency.add("expire-cycle", unix_us() / 1'000'000, static_cast<std::uint32_t>(ms));
  sample();
  std::vector<Client*> all;
  for (const auto& [id, client] : clients_) all.push_back(client);
  for (Client* client : all) close_idle(*client, now);
}

void Engine::close_idle(Client& client, RealTime now) {
  const bool may_idle = settings.idle_s == 0 || client.subscribed() || client.blocked || client.monitor || client.busy;
  const bool idle = !may_idle && now - client.last_used > std::chrono::seconds(settings.idle_s);
  const auto& limit = output_limit(client);
  const bool over_soft = limit.soft != 0 && client.output() > limit.soft;
  if (!over_soft) client.soft_limit_since.reset();
  else if (!client.soft_limit_since) client.soft_limit_since = now;
  const bool slow = over_soft && now - *client.soft_limit_since >= std::chrono::seconds(limit.soft_seconds);
  if (slow) over_limit(client);
  if ((idle || slow || (client.blocked && hung_up(client.descriptor))) && client.close) client.close();
}

void Engine::sample() {
  const auto& counters = keyspace.counters();
  const Sample now{clock.now(), totals.commands, counters.hits, counters.misses, totals.in_bytes, totals.out_bytes};
  samples_.push_back(now);
  if (samples_.size() > kSamples) samples_.erase(samples_.begin());
  const Sample& then = samples_.front();
  const double seconds = to_s(now.at - then.at);
  const auto rate = [&](std::uint64_t Sample::*count) { return static_cast<double>(now.*count - then.*count) / seconds; };
  if (seconds > 0) rates_ = {rate(&Sample::commands), rate(&Sample::in_bytes), rate(&Sample::out_bytes)};
  const auto looked = (now.hits - then.hits) + (now.misses - then.misses);
  if (looked > 0) hit_ratio_ = static_cast<double>(now.hits - then.hits) / static_cast<double>(looked);
}

}  // namespace chaos::redis
