// How the role serves a connection. While nothing makes a command wait, all that was received is served in one go, without
// a coroutine in between, and its answers leave together.
#include "redis/redis_role.hpp"

#include "runtime/sleep.hpp"

#include <array>

namespace chaos::redis {
namespace {

constexpr std::size_t kChunk = 4096;              // read at once
constexpr std::size_t kBatch = 64 * 1024;         // answers that wait for the end of a pipeline at most
constexpr std::chrono::seconds kSend{10};         // for a client to take its answers
constexpr std::chrono::seconds kTurn{10};         // for a command to wait for the station

}  // namespace

awaitable<void> RedisRole::converse(Session& session) {
  std::array<char, kChunk> chunk;
  while (!session.client.closing && !draining_) {
    session.client.busy = false;
    session.stream->expires_never();              // idle clients are the business of `timeout`
    const auto got = co_await session.stream->read_some(asio::buffer(chunk));
    if (!got) co_return;
    session.client.busy = true;
    engine_.totals.in_bytes += *got;
    ++engine_.totals.reads;
    session.decoder.feed({chunk.data(), *got});
    const Stop stop = serve_ready(session);
    if (stop == Stop::idle && send_now(session)) continue;    // the usual case
    co_await serve(session, stop);
    const bool sent = co_await flush(session);
    if (!sent) co_return;
  }
}

/// Goes on where serve_ready stopped, until all that was received is served.
awaitable<void> RedisRole::serve(Session& session, Stop stop) {
  while (stop != Stop::idle) {
    if (stop == Stop::malformed) {
      session.writer.error("ERR " + session.decoder.error());
      session.client.closing = true;
    }
    if (stop == Stop::turn) co_await take_turn(session);
    const bool sent = co_await flush(session);
    if (!sent) session.client.closing = true;
    if (session.client.blocked) co_await wait_answer(session);
    if (session.client.closing) co_return;
    stop = serve_ready(session);
  }
}

/// Serves in order, as long as no command has to wait.
RedisRole::Stop RedisRole::serve_ready(Session& session) {
  auto& client = session.client;
  RealTime now = engine_.clock.now();
  while (!client.closing) {
    const auto progress = session.decoder.next();
    if (progress != resp::Progress::ready) return progress == resp::Progress::more ? Stop::idle : Stop::malformed;
    session.row = engine_.find(session.decoder.args());
    const Row* row = session.row;
    auto*& operation = row ? operations_[row->index] : operations_[0];
    if (row && !operation) operation = &ctx_.stats.operation(std::string(row->operation));
    if (row) session.scope.emplace(ctx_.stats.begin(*operation, now));
    else session.scope.emplace(ctx_.stats.begin("unknown"));
    session.verdict = ctx_.seams.bends() ? ctx_.seams.call(row ? row->operation : "unknown") : CallVerdict{};
    const auto gate = engine_.gate(row);
    const bool shut = gate != RealTime{} && gate > now;
    if (emulates_work_ || shut || session.verdict.status || session.verdict.delay > RealDuration::zero()) return Stop::turn;
    if (carry_out(session, {now, {}}) == Outcome::waits) return Stop::waits;
    now = engine_.ended();
    if (engine_.busy_until > now || client.out.size() >= kBatch) return Stop::full;
  }
  return Stop::idle;
}

Outcome RedisRole::carry_out(Session& session, Moment at) {
  session.client.unread = session.decoder.buffered();
  const auto outcome = engine_.execute(session.client, session.row, session.decoder.args(), session.writer, at);
  session.scope->finish(outcome != Outcome::error, std::max(engine_.ended(), engine_.busy_until));   // DEBUG SLEEP ends then
  session.scope.reset();
  session.row = nullptr;
  return outcome;
}

/// What comes before a command is carried out: the gate, faults, and the emulated work.
awaitable<void> RedisRole::take_turn(Session& session) {
  while (!session.client.closing) {
    const auto gate = engine_.gate(session.row);
    if (gate == RealTime{} || gate <= engine_.clock.now()) break;
    co_await gate_.wait(gate);
  }
  bool fine = true;
  const RealDuration before = co_await work(session, fine);
  if (fine && !session.client.closing) {
    carry_out(session, {engine_.clock.now(), before});
    co_return;
  }
  session.scope->finish(false);
  session.scope.reset();
  session.row = nullptr;
}

/// The time that the command took before it is carried out; not fine: it is answered with an error instead.
awaitable<RealDuration> RedisRole::work(Session& session, bool& fine) {
  const RealTime begin = engine_.clock.now();
  const auto& [delay, status] = session.verdict;
  if (delay > RealDuration::zero()) co_await sleep_real(delay);
  fine = !status;
  if (status) {
    session.writer.error("ERR internal error");
    engine_.count_error("ERR");
  }
  const RealDuration delayed = engine_.clock.now() - begin;
  if (!fine || !emulates_work_) co_return delayed;
  const auto slot = co_await station_.enter(engine_.clock.now() + kTurn);
  fine = slot.has_value();
  if (!fine) {
    session.writer.error("ERR too many commands are waiting");
    engine_.count_error("ERR");
    co_return delayed;
  }
  const RealTime served = engine_.clock.now();
  co_await station_.work();
  co_return delayed + (engine_.clock.now() - served);
}

/// Until another client's command, the time-out or CLIENT UNBLOCK has answered the one that waits.
awaitable<void> RedisRole::wait_answer(Session& session) {
  auto& client = session.client;
  while (client.blocked && session.stream->is_open() && !draining_) {
    client.busy = false;
    const bool notified = co_await session.unblocked.wait(client.blocked->until);
    client.busy = true;
    if (!notified && client.blocked) engine_.unblock(client);
  }
  if (!session.stream->is_open() || client.blocked) client.closing = true;
}

/// True when all answers are on their way.
bool RedisRole::send_now(Session& session) {
  auto& out = session.client.out;
  if (out.empty()) return true;
  if (session.pumping || (engine_.busy_until != RealTime{} && engine_.busy_until > engine_.clock.now())) return false;
  const auto n = session.stream->write_now(asio::buffer(out));
  engine_.totals.out_bytes += n;
  engine_.totals.writes += n > 0;
  if (n == out.size()) out.clear();
  else out.erase(0, n);
  return out.empty();
}

/// Sends all answers, in their order behind what the pump is sending.
awaitable<bool> RedisRole::flush(Session& session) {
  while (engine_.busy_until != RealTime{} && engine_.busy_until > engine_.clock.now()) co_await gate_.wait(engine_.busy_until);
  while (session.pumping) co_await session.sent.wait(RealTime::max());
  while (!send_now(session)) {
    session.stream->expires_after(kSend);
    session.sending.swap(session.client.out);
    session.client.sending = session.sending.size();
    const auto done = co_await session.stream->write(asio::buffer(session.sending));
    engine_.totals.out_bytes += session.sending.size();
    ++engine_.totals.writes;
    session.sending.clear();
    session.client.sending = 0;
    if (!done) co_return false;
  }
  co_return session.stream->is_open();
}

/// Another client's command has put something into this one's output, or has ended its wait.
void RedisRole::wake(Session& session) {
  session.unblocked.notify_all();
  if (session.pumping || send_now(session)) return;
  session.pumping = true;
  ctx_.tasks.spawn("redis.pump", pump(session.shared_from_this()));
}

/// Sends to a client that takes slowly; the engine bounds how much waits (client-output-buffer-limit).
awaitable<void> RedisRole::pump(std::shared_ptr<Session> session) {
  auto& client = session->client;
  bool fine = true;
  while (fine && !client.out.empty()) {
    session->sending.swap(client.out);
    client.sending = session->sending.size();
    const auto done = co_await session->stream->write(asio::buffer(session->sending));
    engine_.totals.out_bytes += session->sending.size();
    ++engine_.totals.writes;
    session->sending.clear();
    client.sending = 0;
    fine = done.has_value();
  }
  session->pumping = false;
  session->sent.notify_all();
  if (!fine) client.close();
}

}  // namespace chaos::redis
