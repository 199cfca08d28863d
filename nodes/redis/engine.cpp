#include "redis/engine.hpp"

#include "redis/values/text.hpp"

#include <fmt/format.h>

namespace chaos::redis {
namespace {

std::string run_id_of(Rng rng) {
  std::string out;
  for (int i = 0; i < 40; ++i) out += "0123456789abcdef"[rng.below(16)];
  return out;
}

std::string unknown_command(Args args) {
  constexpr std::size_t kShown = 128;   // as Redis 7, server.c: commandCheckExistence
  std::string text = "ERR unknown command '";
  text.append(args[0].substr(0, kShown)).append("', with args beginning with: ");
  std::size_t shown = 0;
  for (const auto arg : args.subspan(1)) {
    if (shown >= kShown) break;
    const auto part = arg.substr(0, kShown - shown);
    text.append("'").append(part).append("' ");
    shown += part.size() + 3;
  }
  return text;
}

std::string unknown_subcommand(const Row& row, Args args) {
  std::string container = row.name;
  for (auto& c : container) c = static_cast<char>(c - 'a' + 'A');
  return fmt::format("ERR unknown subcommand '{}'. Try {} HELP.", args[1].substr(0, 128), container);
}

bool allowed_while_subscribed(std::string_view name) {
  constexpr std::string_view kNames[]{"ping", "subscribe", "psubscribe", "unsubscribe", "punsubscribe", "quit", "reset"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

/// Inside of MULTI these run at once.
bool queues(const Row& row) {
  constexpr std::string_view kNames[]{"exec", "discard", "multi", "watch", "quit", "reset"};
  return std::find(std::begin(kNames), std::end(kNames), row.name) == std::end(kNames);
}

bool may_grow(const Client& client, const Row& row) {
  if (row.command->flags & kDenyOom) return true;
  if (row.name != "exec" || !client.transaction) return false;
  const auto& queue = client.transaction->queue;
  return std::any_of(queue.begin(), queue.end(), [](const auto& queued) { return (queued.row->command->flags & kDenyOom) != 0; });
}

}  // namespace

Engine::Engine(const Clock& clock_in, std::string address_in, Rng rng, std::int64_t unix_start)
    : keyspace(rng.child("keyspace")), clock(clock_in), address(std::move(address_in)), run_id(run_id_of(rng.child("run"))),
      started(clock.now()), unix_start_(unix_start) {}

/// Why a command is not carried out; empty: it is (server.c: processCommand, in its order).
std::string Engine::refusal(const Client& client, const Row* row, Args args) {
  if (!row) return unknown_command(args);
  const auto& command = *row->command;
  if (!row->subcommands.empty() && args.size() > 1) return unknown_subcommand(*row, args);
  if (!command.run || !arity_fits(command.arity, args.size())) return "ERR wrong number of arguments for '" + row->name + "' command";
  if (!settings.password.empty() && !client.authenticated && !(command.flags & kNoAuth)) return "NOAUTH Authentication required.";
  if (client.transaction && (command.flags & kNoMulti)) return "ERR Command not allowed inside a transaction";
  if (!make_room() && may_grow(client, *row)) return "OOM command not allowed when used memory > 'maxmemory'.";
  if (client.protocol == 2 && client.subscribed() && !allowed_while_subscribed(row->name)) {
    return "ERR Can't execute '" + row->name +
           "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";
  }
  return {};
}

void Engine::refuse(Client& client, const Row* row, std::string_view why, resp::Writer& out) {
  out.error(why);
  count_error(why);
  if (row && !why.starts_with("ERR unknown")) ++row->counts.rejected;
  if (why.starts_with("OOM ")) ++totals.oom;
  if (client.transaction) client.transaction->broken = true;
}

Outcome Engine::execute(Client& client, const Row* row, Args args, resp::Writer& out, Moment at) {
  const auto written = out.size();
  Outcome outcome = Outcome::error;
  if (client.reply == Client::Reply::skip_next) client.reply = Client::Reply::skip;
  const std::string why = refusal(client, row, args);
  if (!why.empty()) {
    client.last_used = ended_ = at.now;
    refuse(client, row, why, out);
  } else if (client.transaction && queues(*row)) {
    outcome = queue_command(client, *row, args, out);
  } else {
    out.bound(output_limit(client).hard != 0 ? output_limit(client).hard : kMostOutput);
    outcome = run(client, *row, args, out, at, false);
    if (out.overflown()) over_limit(client);
    if (!waiting_.empty()) retry_blocked();
  }
  if (client.reply == Client::Reply::off || client.reply == Client::Reply::skip) out.rewind(written);
  if (client.reply == Client::Reply::skip) client.reply = Client::Reply::on;
  return outcome;
}

Outcome Engine::queue_command(Client& client, const Row& row, Args args, resp::Writer& out) {
  constexpr std::size_t kMostQueued = 64 * 1024 * 1024;
  auto& transaction = *client.transaction;
  client.last_used = ended_ = clock.now();
  for (const auto arg : args) transaction.bytes += arg.size() + sizeof(std::string);
  if (transaction.bytes > kMostQueued) {
    refuse(client, &row, "ERR transaction too large", out);
    return Outcome::error;
  }
  transaction.queue.push_back({&row, {args.begin(), args.end()}});
  out.simple("QUEUED");
  return Outcome::ok;
}

Outcome Engine::run(Client& client, const Row& row, Args args, resp::Writer& out, Moment at, bool in_exec) {
  client.last_used = at.now;
  client.last_command = row.name;
  held_ = {};
  Call call{*this, client, args, out, *row.command, clock.anchor().at(at.now), !in_exec};
  row.command->run(call);
  ended_ = clock.now();
  const RealDuration took = ended_ - at.now + at.before + held_;
  ++totals.commands;
  ++row.counts.calls;
  row.counts.spent += took;
  row.counts.failed += call.failed;
  account(client, row, args, took);
  peak_bytes = std::max(peak_bytes, keyspace.used_bytes());
  if (call.waits) {
    waiting_.push_back(&client);
    return Outcome::waits;
  }
  return call.failed ? Outcome::error : Outcome::ok;
}

/// Where a command's time is shown: its own histogram, the slow log, the latency monitor, MONITOR.
void Engine::account(const Client& client, const Row& row, Args args, RealDuration took) {
  auto& latencies = row.counts.latency;
  if (settings.latency_tracking) {
    if (!latencies) latencies = std::make_unique<LatencyCounts>();
    latencies->add(took);
  }
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  if (settings.slowlog_us >= 0 && us >= settings.slowlog_us && !(row.command->flags & kSkipSlowlog)) {
    slowlog.add({0, unix_us() / 1'000'000, us, {}, client.remote, client.name}, args, settings.slowlog_most);
  }
  if (settings.latency_ms > 0 && us / 1000 >= settings.latency_ms) {
    latency.add((row.command->flags & kFast) ? "fast-command" : "command", unix_us() / 1'000'000, static_cast<std::uint32_t>(us / 1000));
  }
  if (!monitors_.empty() && !(row.command->flags & (kSkipMonitor | kAdmin))) feed_monitors(client, args);
}

/// As Redis: before each command, so that one command's growth may stand over the limit until the next.
bool Engine::make_room() {
  if (settings.maxmemory == 0 || keyspace.used_bytes() <= settings.maxmemory) return true;
  const RealTime begin = clock.now();
  const bool done = keyspace.evict_to(settings.maxmemory, clock.lab_now());
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - begin).count();
  if (settings.latency_ms > 0 && ms >= settings.latency_ms) latency.add("eviction-cycle", unix_us() / 1'000'000, static_cast<std::uint32_t>(ms));
  return done;
}

void Engine::count_error(std::string_view text) {
  ++totals.error_replies;
  const auto word = text.substr(0, text.find(' '));
  const auto found = totals.errors.find(word);
  if (found != totals.errors.end()) ++found->second;
  else totals.errors.emplace(word, 1);
}

void Engine::set_settings(const Settings& wanted) {
  settings = wanted;
  keyspace.rule = settings.eviction;
  slowlog.trim(settings.slowlog_most);
}

void Engine::reset_stats() {
  totals = {};
  keyspace.counters() = {};
  samples_.clear();
  table_.reset();
}

}  // namespace chaos::redis
