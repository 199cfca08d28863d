#include "replica/wal_receiver.hpp"

#include "postgres/pg_time.hpp"
#include "postgres/replication_command.hpp"
#include "runtime/sleep.hpp"
#include "wire/pgwire_frontend.hpp"

namespace chaos {

namespace {

constexpr std::chrono::seconds kConnect{5};
constexpr std::chrono::seconds kSilence{10};          // the primary speaks every second
constexpr std::chrono::seconds kStatus{1};            // PostgreSQL: wal_receiver_status_interval, 10 s
constexpr std::chrono::milliseconds kFirstDelay{50};
constexpr std::chrono::milliseconds kLongestDelay{2000};
constexpr std::chrono::milliseconds kApplyLook{20};   // a hold that leaves is noticed so soon
constexpr std::size_t kMostWaiting = 8 * 1024 * 1024; // received and not applied; beyond it the primary waits
constexpr std::size_t kApplyBatch = 128 * 1024;

}  // namespace

WalReceiver::WalReceiver(NodeContext& ctx, ReplicaStore& store, std::function<void()> on_copy)
    : ctx_(ctx), store_(store), on_copy_(std::move(on_copy)), holds_(ApplyHolds::of(ctx)) {}

void WalReceiver::start() {
  received_ = latest_end_ = store_.applied();
  ctx_.tasks.spawn("replica.receiver", follow());
  ctx_.tasks.spawn("replica.apply", apply_loop());
}

pg::ReceiverRow WalReceiver::row() const {
  return {status_, received_, store_.applied(), latest_end(), latest_end_us_, last_message_us_, sender_};
}

std::int64_t WalReceiver::lag_us(std::int64_t now_us) const {
  std::int64_t since = streaming() || last_message_us_ == 0 ? now_us : last_message_us_;
  if (store_.applied() < latest_end() && store_.applied_at_us() != 0) {
    since = std::min(since, gate_.empty() ? latest_end_us_ : gate_.oldest_at_us());
  }
  return std::max<std::int64_t>(0, now_us - since);
}

awaitable<void> WalReceiver::follow() {
  RealDuration delay = kFirstDelay;
  while (true) {
    const RealTime began = RealClock::now();
    const auto ended = co_await session();
    const bool was_streaming = streaming();
    status_ = "stopped";
    if (!ended) ctx_.log.warn("replication_lost", {{"error", std::string(error_word(ended.error()))}});
    // What was received and not applied comes again: the primary is asked from the applied position.
    gate_.clear();
    received_ = store_.applied();
    if (was_streaming && RealClock::now() - began > kSilence) delay = kFirstDelay;
    co_await sleep_real(delay);
    delay = std::min<RealDuration>(delay * 2, kLongestDelay);
  }
}

awaitable<Result<void>> WalReceiver::session() {
  const v1::Peer* primary = ctx_.first_peer("postgres");
  if (!primary) co_return Errc::no_backend;
  status_ = "connecting";
  sender_ = primary->address();
  PgLogin login{"replicator", "shop", ctx_.name, true};
  v1::Peer peer = *primary;
  auto opened = co_await PgLink::open(ctx_, std::move(peer), std::move(login), RealClock::now() + kConnect, nullptr);
  if (!opened) co_return opened.error();
  const std::shared_ptr<PgLink> link = std::move(*opened);
  std::vector<std::optional<std::string>> row;
  const auto identified = co_await command(*link, "IDENTIFY_SYSTEM", row);
  if (!identified) co_return identified.error();
  if (row.size() < 3 || !row[0]) co_return Errc::protocol;
  if (copy_needed_ || !store_.is_open() || *row[0] != std::to_string(store_.system_id())) {
    const auto copied = co_await base_copy(*link);
    if (!copied) co_return copied.error();
  }
  co_return co_await stream(link);
}

// One replication command whose answer is one row.
awaitable<Result<void>> WalReceiver::command(PgLink& link, std::string sql, std::vector<std::optional<std::string>>& row) {
  std::string out;
  pg::append_query(out, sql);
  const RealTime deadline = RealClock::now() + kConnect;
  const auto sent = co_await link.send(out, deadline);
  if (!sent) co_return sent.error();
  while (true) {
    const auto message = co_await link.next(deadline);
    if (!message) co_return message.error();
    if (message->type == 'Z') co_return boost::system::in_place_value;
    if (message->type == 'D' && !pg::parse_data_row(message->body, row)) co_return Errc::protocol;
    if (message->type == 'E') co_return refused(message->body).error();
  }
}

Result<void> WalReceiver::refused(std::string_view body) {
  pg::ServerError error;
  pg::parse_error(body, error);
  // The primary's log does not reach back to us any more.
  if (error.sqlstate == "58P01") copy_needed_ = true;
  ctx_.log.warn("replication_refused", {{"sqlstate", error.sqlstate}, {"message", error.message}});
  return Errc::rejected;
}

awaitable<Result<void>> WalReceiver::base_copy(PgLink& link) {
  status_ = "backup";
  pg::ServerError error;
  std::string out;
  pg::append_query(out, "BASE_BACKUP");
  if (!store_.begin_copy(error)) co_return Errc::invalid;
  const auto sent = co_await link.send(out, RealClock::now() + kConnect);
  if (!sent) co_return sent.error();
  std::vector<std::optional<std::string>> position;
  while (true) {
    const auto message = co_await link.next(RealClock::now() + kSilence);
    if (!message) co_return message.error();
    if (message->type == 'E') co_return refused(message->body).error();
    if (message->type == 'D' && !pg::parse_data_row(message->body, position)) co_return Errc::protocol;
    const bool piece = message->type == 'd' && !message->body.empty() && message->body[0] == 'd';
    if (piece && !store_.write_copy(message->body.substr(1), error)) co_return Errc::invalid;
    if (message->type == 'Z') break;
  }
  const auto lsn = position.empty() || !position[0] ? std::nullopt : pg::parse_lsn(*position[0]);
  if (!lsn || !store_.finish_copy(*lsn, pg::unix_now_us(), error)) {
    ctx_.log.error("base_copy_failed", {{"sqlstate", error.sqlstate}, {"message", error.message}});
    co_return Errc::protocol;
  }
  copy_needed_ = false;
  ctx_.log.info("base_copy_taken", {{"lsn", pg::format_lsn(*lsn)}});
  on_copy_();
  co_return boost::system::in_place_value;
}

awaitable<Result<void>> WalReceiver::stream(std::shared_ptr<PgLink> link) {
  link_ = link;
  gate_.clear();
  received_ = store_.applied();
  std::string out;
  pg::append_query(out, "START_REPLICATION PHYSICAL " + pg::format_lsn(received_) + " TIMELINE 1");
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
      ctx_.log.info("replication_streaming", {{"from", pg::format_lsn(received_)}});
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
  last_message_us_ = pg::unix_now_us();
  pg::Keepalive keepalive;
  if (pg::parse_keepalive(payload, keepalive)) {
    latest_end_ = std::max(latest_end_, keepalive.end);
    latest_end_us_ = last_message_us_;
    co_return true;
  }
  pg::XLogData data;
  pg::WireRecord record;
  if (!pg::parse_xlog_data(payload, data) || !pg::read_record(data.bytes, record)) co_return Errc::protocol;
  if (data.start != received_) co_return Errc::protocol;   // a gap
  latest_end_ = std::max(latest_end_, data.end);
  latest_end_us_ = record.at_us;
  received_ = record.lsn;
  gate_.receive({record.lsn, record.at_us, std::string(record.payload)}, ctx_.clock.lab_now(), holds_->hold_next());
  arrived_.notify_all();
  while (gate_.bytes() > kMostWaiting) co_await applied_.wait(RealClock::now() + kStatus);
  co_return true;
}

// Tells the primary how far this replica is, each second and when it has applied something.
awaitable<void> WalReceiver::answer(std::shared_ptr<PgLink> link, std::shared_ptr<bool> over) {
  while (!*over) {
    std::string out;
    pg::append_standby_status(out, {received_, store_.applied(), store_.applied(), pg::to_pg_time(pg::unix_now_us()), false});
    const auto sent = co_await link->send(out, RealClock::now() + kSilence);
    if (!sent) break;
    co_await applied_.wait(RealClock::now() + kStatus);
  }
}

awaitable<void> WalReceiver::apply_loop() {
  std::uint64_t departures = holds_->departures();
  while (true) {
    if (gate_.empty() || copy_needed_) co_await arrived_.wait(RealClock::now() + kStatus);
    if (copy_needed_) continue;   // what comes after a change that failed must not be applied
    if (departures != holds_->departures()) {
      departures = holds_->departures();
      gate_.shorten(holds_->longest());
    }
    const std::vector<ReceivedChange> changes = gate_.take(ctx_.clock.lab_now(), kApplyBatch);
    if (changes.empty()) {
      if (!gate_.empty()) co_await sleep_real(kApplyLook);
      continue;
    }
    pg::ServerError error;
    if (!store_.apply(changes, error)) {
      // The copy does not fit the primary's any more: only a new one helps.
      ctx_.log.error("apply_failed", {{"sqlstate", error.sqlstate}, {"message", error.message}});
      copy_needed_ = true;
      if (const auto link = link_.lock()) link->close();
      continue;
    }
    applied_.notify_all();
    co_await asio::post(ctx_.io, asio::use_awaitable);   // sessions come between two batches
  }
}

}  // namespace chaos
