#include "postgres/replication/wal_receiver.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/replication/replication_command.hpp"
#include "runtime/memory.hpp"
#include "runtime/sleep.hpp"
#include "wire/pgwire_frontend.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

constexpr std::chrono::seconds kStatus{10};           // PostgreSQL: wal_receiver_status_interval
constexpr std::chrono::seconds kLook{1};
constexpr std::chrono::milliseconds kFirstDelay{50};
constexpr std::chrono::milliseconds kLongestDelay{2000};
constexpr std::chrono::milliseconds kApplyLook{20};   // a hold that leaves is noticed so soon
constexpr std::size_t kMostWaiting = 8 * 1024 * 1024; // received and not applied; beyond it the primary waits
constexpr std::size_t kApplyBatch = 128 * 1024;
constexpr std::size_t kApplySlice = 64 * 1024;        // as large as a part of a transaction
constexpr std::size_t kLarge = 1024 * 1024;
constexpr std::string_view kOutOfMemory = "53200";

}  // namespace

WalReceiver::WalReceiver(NodeContext& ctx, ReplicaStore& store, std::function<void()> on_copy)
    : ctx_(ctx), store_(store), on_copy_(std::move(on_copy)), holds_(ApplyHolds::of(ctx)) {}

void WalReceiver::start() {
  if (store_.is_open()) {
    for (ReceivedChange& change : store_.waiting()) receive(std::move(change));
    gate_.on_disk(store_.written());
  }
  received_ = latest_end_ = store_.written();
  ctx_.tasks.spawn("replica.receiver", follow());
  ctx_.tasks.spawn("replica.apply", apply_loop());
}

void WalReceiver::receive(ReceivedChange change) {
  const LabDuration hold = gate_.in_transaction() ? LabDuration{} : holds_->hold_next();
  gate_.receive(std::move(change), ctx_.clock.lab_now(), hold);
}

void WalReceiver::rejoin(std::uint64_t system_id, int timeline, std::function<void(Lsn)> fork) {
  copy_needed_ = true;
  old_system_id_ = system_id;
  old_timeline_ = timeline;
  on_fork_ = std::move(fork);
}

awaitable<bool> WalReceiver::finish() {
  finishing_ = true;
  if (const auto link = link_.lock()) link->close();
  gate_.shorten({});
  gate_.drop_unfinished();
  arrived_.notify_all();
  while ((!gate_.empty() || applying_at_us_ != 0) && usable()) co_await applied_.wait(RealClock::now() + kApplyLook);
  co_return usable();
}

ReceiverRow WalReceiver::row() const {
  ReceiverRow row{status_, received_, store_.written(), latest_end(), latest_end_us_, last_message_us_, sender_};
  row.start = start_;
  row.start_timeline = start_timeline_;
  row.timeline = store_.timeline();
  row.last_send_us = last_send_us_;
  return row;
}

std::int64_t WalReceiver::lag_us(std::int64_t now_us) const {
  std::int64_t since = streaming() || last_message_us_ == 0 ? now_us : last_message_us_;
  if (store_.applied() < latest_end() && store_.applied_at_us() != 0) {
    const std::int64_t oldest = applying_at_us_ != 0 ? applying_at_us_ : gate_.empty() ? latest_end_us_ : gate_.oldest_at_us();
    since = std::min(since, oldest);
  }
  return std::max<std::int64_t>(0, now_us - since);
}

awaitable<void> WalReceiver::follow() {
  RealDuration delay = kFirstDelay;
  while (!finishing_) {
    const RealTime began = RealClock::now();
    const auto ended = co_await session();
    const bool was_streaming = streaming();
    status_ = "stopped";
    if (finishing_) co_return;
    if (!ended) ctx_.log.warn("replication_lost", {{"error", std::string(error_word(ended.error()))}});
    if (was_streaming && RealClock::now() - began > kSilence) delay = kFirstDelay;
    co_await sleep_real(delay);
    delay = std::min<RealDuration>(delay * 2, kLongestDelay);
  }
}

awaitable<Result<void>> WalReceiver::stream(std::shared_ptr<PgLink> link) {
  start_ = received_;
  start_timeline_ = store_.timeline();
  std::string out;
  append_query(out, "START_REPLICATION PHYSICAL " + format_lsn(start_) + " TIMELINE " + std::to_string(start_timeline_));
  const auto sent = co_await link->send(out, RealClock::now() + kConnect);
  if (!sent) co_return sent.error();
  const auto over = std::make_shared<bool>(false);
  Result<void> ended = boost::system::in_place_value;
  while (ended) {
    const auto message = co_await link->next(RealClock::now() + kSilence);
    if (!message) ended = message.error();
    else if (message->type == 'E') ended = refused(message->body);
    else if (message->type == 'c') ended = Errc::closed;
    else if (message->type == 'W') {
      status_ = "streaming";
      ctx_.log.info("replication_streaming", {{"from", format_lsn(received_)}});
      ctx_.tasks.spawn("replica.status", answer(link, over));
    } else if (message->type == 'd') {
      const auto taken = co_await take(message->body);
      if (!taken) ended = taken.error();
    }
  }
  *over = true;
  link->close();
  applied_.notify_all();
  co_return ended;
}

awaitable<Result<bool>> WalReceiver::take(std::string_view payload) {
  last_message_us_ = unix_now_us();
  Keepalive keepalive;
  if (finishing_) co_return Errc::closed;
  if (parse_keepalive(payload, keepalive)) {
    last_send_us_ = from_pg_time(keepalive.time);
    latest_end_ = std::max(latest_end_, keepalive.end);
    latest_end_us_ = last_message_us_;
    co_return true;
  }
  XLogData data;
  WireRecord record;
  if (!parse_xlog_data(payload, data) || !read_record(data.bytes, record)) co_return Errc::protocol;
  if (data.start != received_) co_return Errc::protocol;   // a gap
  latest_end_ = std::max(latest_end_, data.end);
  latest_end_us_ = record.at_us;
  last_send_us_ = from_pg_time(data.time);
  received_ = record.lsn;
  receive({record.lsn, record.at_us, std::string(record.payload), record.seq, goes_on(record.payload)});
  arrived_.notify_all();
  while (gate_.bytes() > kMostWaiting) co_await applied_.wait(RealClock::now() + kLook);
  co_return true;
}

// Tells the primary how far this replica is: when it has got further, and else at the interval.
awaitable<void> WalReceiver::answer(std::shared_ptr<PgLink> link, std::shared_ptr<bool> over) {
  while (!*over) {
    const Lsn received = received_, written = store_.written(), applied = store_.applied();
    std::string out;
    append_standby_status(out, {received, written, applied, to_pg_time(unix_now_us()), false});
    const auto sent = co_await link->send(out, RealClock::now() + kSilence);
    if (!sent) break;
    const RealTime until = RealClock::now() + kStatus;
    while (!*over && received == received_ && written == store_.written() && applied == store_.applied()) {
      if (!co_await applied_.wait(until)) break;
    }
  }
}

// What was received goes to the copy's own log at once, whatever is held back.
bool WalReceiver::keep_received() {
  ServerError error;
  const auto received = gate_.beyond(store_.written(), kApplyBatch);
  if (received.empty()) return true;
  if (store_.write(received, error)) return gate_.on_disk(store_.written()), true;
  ctx_.log.error("log_write_failed", {{"sqlstate", error.sqlstate}, {"message", error.message}});
  return false;
}

// The copy does not fit the primary's any more: only a new one helps.
void WalReceiver::give_up(const ServerError& error) {
  ctx_.log.error("apply_failed", {{"sqlstate", error.sqlstate}, {"message", error.message}});
  copy_needed_ = true;
  if (const auto link = link_.lock()) link->close();
}

awaitable<void> WalReceiver::apply_loop() {
  std::uint64_t departures = holds_->departures();
  while (!(finishing_ && gate_.empty())) {
    if (gate_.empty() || copy_needed_) co_await arrived_.wait(RealClock::now() + kLook);
    if (copy_needed_) continue;   // what comes after a change that failed must not be applied
    if (departures != holds_->departures()) {
      departures = holds_->departures();
      gate_.shorten(holds_->longest());
    }
    const std::uint64_t written = store_.written();
    const bool kept = keep_received();
    const bool grown = written != store_.written();
    if (grown) {      // the primary hears of it before it is applied
      applied_.notify_all();
      co_await asio::post(ctx_.io, asio::use_awaitable);
      if (copy_needed_) continue;
    }
    std::vector<ReceivedChange> changes;
    if (kept && (!paused_ || finishing_)) changes = gate_.take(ctx_.clock.lab_now(), kApplyBatch, store_.written());
    const bool some = !changes.empty();
    if (some && !co_await apply(std::move(changes))) continue;
    if (some) applied_.notify_all();
    if (!some && !grown && !gate_.empty()) co_await sleep_real(kApplyLook);
    else co_await asio::post(ctx_.io, asio::use_awaitable);   // sessions come between two batches
  }
}

// What statements hold of the memory that SQLite may have is free again when they end.
awaitable<bool> WalReceiver::apply(std::vector<ReceivedChange> changes) {
  ServerError error;
  applying_at_us_ = changes.front().at_us;
  const auto parts = static_cast<std::size_t>(std::count_if(changes.begin(), changes.end(), [](const ReceivedChange& change) { return change.more; }));
  bool done = co_await try_apply(changes, error);
  while (!done && error.sqlstate == kOutOfMemory && !copy_needed_) {
    co_await sleep_real(kApplyLook);
    done = co_await try_apply(changes, error);
  }
  applying_at_us_ = 0;
  if (!done) give_up(error);
  if (parts * kApplySlice > kLarge) return_memory();
  co_return done;
}

awaitable<bool> WalReceiver::try_apply(const std::vector<ReceivedChange>& changes, ServerError& error) {
  if (!store_.begin_apply(error)) co_return false;
  bool done = true;
  std::size_t since = 0;      // sessions came between
  for (std::size_t i = 0; done && i < changes.size(); ++i) {
    done = store_.apply(changes[i], error);
    since += changes[i].payload.empty() ? kApplySlice : changes[i].payload.size();
    if (since < kApplySlice) continue;
    co_await asio::post(ctx_.io, asio::use_awaitable);
    since = 0;
  }
  co_return store_.end_apply(done, changes.back(), error);
}

// Who takes the copy away or begins a transaction on it waits for this.
awaitable<void> WalReceiver::until_applied() {
  while (applying_at_us_ != 0) co_await applied_.wait(RealClock::now() + kApplyLook);
}

}  // namespace chaos::pg
