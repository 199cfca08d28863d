#include "postgres/replication/wal_sender.hpp"

#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/store/file_copy.hpp"
#include "wire/pgwire_frontend.hpp"

#include <fstream>

namespace chaos::pg {

namespace {

constexpr std::chrono::seconds kKeepalive{1};
constexpr std::chrono::seconds kSilence{60};           // wal_sender_timeout, as setting_table.cpp shows it
constexpr std::size_t kBatch = 64 * 1024;
constexpr std::size_t kFileChunk = 32 * 1024;

void append_row(std::string& out, const std::vector<Column>& columns, const std::vector<std::optional<std::string>>& values) {
  append_row_description(out, columns);
  {
    Writer row(out, 'D');
    row.int16(static_cast<std::int16_t>(values.size()));
    for (const auto& value : values) row.value(value);
  }
  append_command_complete(out, "SELECT");
}

// Removes the copy of the database when the backup is over, however it ends.
struct TemporaryFile {
  std::filesystem::path path;
  ~TemporaryFile() {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path.string() + suffix, ignored);
  }
};

}  // namespace

WalSender::WalSender(Engine& engine, std::shared_ptr<SessionWire> wire, Backend& backend, std::vector<Setting> settings)
    : engine_(engine), wire_(std::move(wire)), backend_(backend), settings_(std::move(settings)), database_(engine.database) {}

ReplicationRow WalSender::row() const {
  const StandbyStatus& heard = progress_.status;
  return {&backend_, state_, progress_.sent_lsn, heard.written, heard.flushed, heard.applied, progress_.replay_lag_us,
          progress_.reply_us, progress_.write_lag_us, progress_.flush_lag_us};
}

bool WalSender::fail(ServerError error) {
  append_error(wire_->out, error);
  return true;
}

awaitable<void> WalSender::run() {
  const auto self = shared_from_this();
  bool goes_on = true;
  while (goes_on && !over_ && !finishing_) {
    append_ready(wire_->out, TransactionState::idle);
    backend_.enter(BackendState::idle, unix_now_us());
    if (!co_await wire_->flush()) co_return;
    const auto message = co_await wire_->next(RealClock::now() + kSilence);
    Frontend parsed;
    if (!message || !parse_frontend(*message, parsed)) co_return;
    const auto* query = std::get_if<Query>(&parsed);
    if (!query) co_return;
    backend_.set_query(query->sql, unix_now_us());
    backend_.enter(BackendState::active, unix_now_us());
    goes_on = co_await command(query->sql);
  }
  co_await wire_->flush();
}

// False: the session is over.
awaitable<bool> WalSender::command(std::string_view text) {
  ReplicationCommand command;
  ServerError error;
  if (!parse_replication_command(text, command, error)) co_return fail(std::move(error));
  switch (command.kind) {
    case ReplicationCommand::Kind::identify_system: identify_system(); co_return true;
    case ReplicationCommand::Kind::base_backup: co_return co_await base_backup();
    case ReplicationCommand::Kind::start_replication: co_return co_await stream(std::move(command));
    case ReplicationCommand::Kind::timeline_history: co_return timeline_history(command.timeline);
    case ReplicationCommand::Kind::show: break;
  }
  for (const Setting& setting : settings_) {
    if (setting.name != command.name) continue;
    append_row(wire_->out, {{command.name}}, {setting.value});
    co_return true;
  }
  co_return fail(make_error("42704", "unrecognized configuration parameter \"" + command.name + "\""));
}

void WalSender::identify_system() {
  const ChangeLog& log = database_->log();
  append_row(wire_->out, {{"systemid"}, {"timeline", oid::kInt4}, {"xlogpos"}, {"dbname"}},
             {std::to_string(log.system_id()), std::to_string(log.timeline()), format_lsn(log.end()), std::nullopt});
}

bool WalSender::timeline_history(int timeline) {
  const std::string name = history_name(timeline);
  if (timeline != database_->log().timeline() || timeline == 1) return fail(make_error("58P01", "could not open file \"pg_wal/" + name + "\": No such file or directory"));
  append_row(wire_->out, {{"filename"}, {"content"}}, {name, write_history(ChangeLog::history(database_->shared()))});
  return true;
}

void WalSender::send_position(const char* column, Lsn lsn) {
  append_row(wire_->out, {{column}, {"tli", oid::kInt8}}, {format_lsn(lsn), std::to_string(database_->log().timeline())});
}

// The whole database as one archive, the file itself instead of a tar.
awaitable<bool> WalSender::base_backup() {
  state_ = "backup";
  const TemporaryFile copy{database_->file().string() + ".backup-" + std::to_string(backend_.pid)};
  ServerError error;
  FileCopy pages;
  if (!pages.begin(*database_, copy.path, error)) co_return fail(std::move(error));
  const Lsn lsn = database_->log().end();   // of the snapshot that begin() took
  while (pages.more()) co_await asio::post(engine_.ctx.io, asio::use_awaitable);
  if (!pages.finish(error)) co_return fail(std::move(error));
  send_position("recptr", lsn);
  append_copy_response(wire_->out, 'H');
  append_copy_data(wire_->out, std::string("nbase.db\0\0", 10));
  if (!co_await send_file(copy.path)) co_return false;
  append_empty(wire_->out, 'c');
  send_position("recptr", lsn);
  state_ = "startup";
  co_return true;
}

awaitable<bool> WalSender::send_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string chunk(kFileChunk + 1, 'd');
  while (file) {
    file.read(chunk.data() + 1, kFileChunk);
    if (file.gcount() > 0) append_copy_data(wire_->out, std::string_view(chunk).substr(0, static_cast<std::size_t>(file.gcount()) + 1));
    const auto sent = co_await wire_->flush();
    if (!sent) co_return false;
  }
  co_return file.eof();
}

// A replica on a timeline of the past is sent the log into the present one.
awaitable<bool> WalSender::stream(ReplicationCommand command) {
  const Lsn from = command.start;
  const int timeline = command.timeline == 0 ? database_->log().timeline() : command.timeline;
  if (!in_history(ChangeLog::history(database_->shared()), database_->log().timeline(), timeline, from)) {
    co_return fail(make_error("XX000", "requested starting point " + format_lsn(from) + " on timeline " + std::to_string(timeline) + " is not in this server's history"));
  }
  auto seq = database_->log().find(database_->shared(), from);
  if (!seq) co_return fail(make_error("58P01", "requested WAL position " + format_lsn(from) + " is not there any more"));
  append_copy_response(wire_->out, 'W');
  progress_.sent_lsn = progress_.status.written = progress_.status.flushed = progress_.status.applied = from;
  progress_.applied_seq = *seq;
  state_ = "catchup";
  engine_.ctx.tasks.spawn("postgres.walsender", hear(shared_from_this()));
  while (!over_) {
    if (!co_await send_records(*seq)) co_return false;
    if (*seq < database_->log().last_seq()) continue;
    state_ = "streaming";
    if (finishing_) break;
    backend_.wait_event_type = "Activity";
    backend_.wait_event = "WalSenderMain";
    const bool woken = co_await database_->committed().wait(RealClock::now() + kKeepalive);
    if (!woken) append_keepalive(wire_->out, {database_->log().end(), to_pg_time(unix_now_us()), false});
  }
  append_empty(wire_->out, 'c');
  append_command_complete(wire_->out, "COPY 0");
  co_return false;
}

awaitable<bool> WalSender::send_records(std::int64_t& seq) {
  std::vector<LogRecord> records;
  if (!database_->log().read(database_->shared(), seq, kBatch, records)) {
    fail(make_error("58P01", "requested WAL position is not there any more"));
    co_return false;
  }
  progress_.log_ends(database_->log().end(), unix_now_us());
  for (const LogRecord& record : records) {
    const std::string bytes = write_record({record.seq, record.lsn, record.at_us, record.payload});
    const Lsn start = record.lsn - bytes.size();
    append_xlog_data(wire_->out, {start, database_->log().end(), to_pg_time(unix_now_us()), bytes});
    progress_.sent(record.seq, record.lsn);
    seq = record.seq;
  }
  const auto sent = co_await wire_->flush();
  co_return sent.has_value();
}

awaitable<void> WalSender::hear(std::shared_ptr<WalSender> self) {
  while (!self->over_) {
    const auto message = co_await self->wire_->next(RealClock::now() + kSilence);
    StandbyStatus status;
    if (!message || message->type != 'd') break;
    if (!parse_standby_status(message->body, status)) continue;   // hot standby feedback
    self->progress_.confirmed(status, unix_now_us());
  }
  self->over_ = true;
  self->database_->committed().notify_all();
}

void WalSender::finish() {
  finishing_ = true;
  database_->committed().notify_all();
}

}  // namespace chaos::pg
