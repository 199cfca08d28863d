// From the login at the primary to the first byte of its log: who it is, whether what is here fits, a base copy.
#include "postgres/base/pg_time.hpp"
#include "postgres/replication/wal_receiver.hpp"
#include "postgres/state/roles.hpp"
#include "wire/pgwire_frontend.hpp"

namespace chaos::pg {

awaitable<Result<void>> WalReceiver::session() {
  const v1::Peer* primary = ctx_.first_peer("postgres");
  if (!primary) co_return Errc::no_backend;
  status_ = "connecting";
  sender_ = primary->address();
  PgLogin login{std::string(kReplicator), "shop", ctx_.name, true};
  v1::Peer peer = *primary;
  auto opened = co_await PgLink::open(ctx_, std::move(peer), std::move(login), RealClock::now() + kConnect, nullptr);
  if (!opened) co_return opened.error();
  if (finishing_) co_return Errc::closed;
  const std::shared_ptr<PgLink> link = std::move(*opened);
  link_ = link;
  std::vector<std::optional<std::string>> row;
  const auto identified = co_await command(*link, "IDENTIFY_SYSTEM", row);
  if (!identified) co_return identified.error();
  if (row.size() < 3 || !row[0] || !row[1]) co_return Errc::protocol;
  const std::uint64_t system_id = std::strtoull(row[0]->c_str(), nullptr, 10);
  const auto agreed = co_await agree(*link, system_id, std::atoi(row[1]->c_str()));
  if (!agreed) co_return agreed.error();
  if (copy_needed_ || !store_.is_open() || system_id != store_.system_id()) {
    const auto copied = co_await base_copy(*link);
    if (!copied) co_return copied.error();
  }
  co_return co_await stream(link);
}

// Where the primary has begun a new timeline: whether it began at or after what is here.
awaitable<Result<void>> WalReceiver::agree(PgLink& link, std::uint64_t system_id, int timeline) {
  std::vector<std::optional<std::string>> row;
  std::vector<TimelineEnd> history;
  const bool ours = store_.is_open() && !copy_needed_ && system_id == store_.system_id() && timeline != store_.timeline();
  if (timeline > 1 && (ours || on_fork_)) {
    const auto told = co_await command(link, "TIMELINE_HISTORY " + std::to_string(timeline), row);
    if (!told) co_return told.error();
    if (row.size() == 2 && row[1]) history = read_history(*row[1]);
  }
  if (on_fork_) {
    on_fork_(system_id == old_system_id_ ? left_at(history, old_timeline_).value_or(0) : 0);
    on_fork_ = nullptr;
  }
  if (!ours) co_return boost::system::in_place_value;
  ServerError error;
  co_await until_applied();
  const bool goes_on = in_history(history, timeline, store_.timeline(), received_);
  if (goes_on && store_.follow_timeline(timeline, history, error)) {
    ctx_.log.info("timeline_followed", {{"timeline", static_cast<std::int64_t>(timeline)}});
  } else {
    copy_needed_ = true;
    ctx_.log.warn("timeline_forked", {{"timeline", static_cast<std::int64_t>(timeline)}, {"written", format_lsn(store_.written())}});
  }
  co_return boost::system::in_place_value;
}

// One replication command whose answer is one row.
awaitable<Result<void>> WalReceiver::command(PgLink& link, std::string sql, std::vector<std::optional<std::string>>& row) {
  std::string out;
  append_query(out, sql);
  const RealTime deadline = RealClock::now() + kConnect;
  const auto sent = co_await link.send(out, deadline);
  if (!sent) co_return sent.error();
  while (true) {
    const auto message = co_await link.next(deadline);
    if (!message) co_return message.error();
    if (message->type == 'Z') co_return boost::system::in_place_value;
    if (message->type == 'D' && !parse_data_row(message->body, row)) co_return Errc::protocol;
    if (message->type == 'E') co_return refused(message->body).error();
  }
}

Result<void> WalReceiver::refused(std::string_view body) {
  ServerError error;
  parse_error(body, error);
  // The primary's log does not reach back to us any more.
  if (error.sqlstate == "58P01") copy_needed_ = true;
  ctx_.log.warn("replication_refused", {{"sqlstate", error.sqlstate}, {"message", error.message}});
  return Errc::rejected;
}

awaitable<Result<void>> WalReceiver::base_copy(PgLink& link) {
  status_ = "backup";
  ServerError error;
  std::string out;
  append_query(out, "BASE_BACKUP");
  if (!store_.begin_copy(error)) co_return Errc::invalid;
  const auto sent = co_await link.send(out, RealClock::now() + kConnect);
  if (!sent) co_return sent.error();
  std::vector<std::optional<std::string>> position;
  while (true) {
    const auto message = co_await link.next(RealClock::now() + kSilence);
    if (!message) co_return message.error();
    if (finishing_) co_return Errc::closed;
    if (message->type == 'E') co_return refused(message->body).error();
    if (message->type == 'D' && !parse_data_row(message->body, position)) co_return Errc::protocol;
    const bool piece = message->type == 'd' && !message->body.empty() && message->body[0] == 'd';
    if (piece && !store_.write_copy(message->body.substr(1), error)) co_return Errc::invalid;
    if (message->type == 'Z') break;
  }
  co_await until_applied();
  const auto lsn = position.empty() || !position[0] ? std::nullopt : parse_lsn(*position[0]);
  if (!lsn || !store_.finish_copy(*lsn, unix_now_us(), error)) {
    ctx_.log.error("base_copy_failed", {{"sqlstate", error.sqlstate}, {"message", error.message}});
    co_return Errc::protocol;
  }
  gate_.clear();
  received_ = latest_end_ = store_.written();
  const auto followed = store_.follow_timeline(position.size() > 1 && position[1] ? std::atoi(position[1]->c_str()) : 1, {}, error);
  copy_needed_ = !followed;
  ctx_.log.info("base_copy_taken", {{"lsn", format_lsn(*lsn)}});
  on_copy_();
  co_return boost::system::in_place_value;
}

}  // namespace chaos::pg
