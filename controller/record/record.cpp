#include "record/record.hpp"

#include "record/run_writer.hpp"

#include <algorithm>
#include <system_error>

namespace chaos {
namespace {

std::string insert_run(SQLite::Database& db, const RunInfo& info) {
  const int number = db.execAndGet("SELECT coalesce(max(number), 0) + 1 FROM runs").getInt();
  const std::string id = "r" + std::to_string(number);
  SQLite::Statement insert(db,
                           "INSERT INTO runs (number, id, drill, responder, seed, speed, lab_file, plan, start_lab_s, "
                           "end_lab_s, last_lab_s, start_unix_us, end_unix_us, state) "
                           "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0,'running')");
  const std::string plan = info.plan.SerializeAsString();
  record::bind_all(insert, number, id, info.drill, info.responder, record::signed64(info.seed), info.speed,
                   info.lab_file);
  insert.bind(8, plan.data(), static_cast<int>(plan.size()));
  insert.bind(9, info.start_lab_s);
  insert.bind(10, info.end_lab_s);
  insert.bind(11, info.start_lab_s);
  insert.bind(12, info.start_unix_us);
  insert.exec();
  return id;
}

std::uint64_t highest(SQLite::Database& db, const std::string& column, const std::string& table, const std::string& run) {
  SQLite::Statement query(db, "SELECT coalesce(max(" + column + "), 0) FROM " + table + " WHERE run = ?");
  query.bind(1, run);
  query.executeStep();
  return static_cast<std::uint64_t>(query.getColumn(0).getInt64());
}

}  // namespace

struct Record::State {
  FileLock lock;
  std::shared_ptr<record::Connection> connection;
};

Record::Record(std::unique_ptr<State> state) : state_(std::move(state)) {}
Record::~Record() = default;

RecordResult<std::unique_ptr<Record>> Record::open(const std::filesystem::path& file) {
  std::error_code ignored;   // a missing folder shows when the lock file is opened
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  auto lock = record::lock_to_write(file);
  if (!lock) return lock.error();
  auto connection = record::open_to_write(file);
  if (!connection) return connection.error();
  auto state = std::make_unique<State>(State{std::move(*lock), *connection});
  return std::unique_ptr<Record>(new Record(std::move(state)));
}

RecordResult<std::unique_ptr<RunWriter>> Record::begin_run(const RunInfo& info) {
  auto& [file, db] = *state_->connection;
  return record::guarded<std::unique_ptr<RunWriter>>(file, [&]() -> RecordResult<std::unique_ptr<RunWriter>> {
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    db.exec("UPDATE runs SET state = 'interrupted' WHERE state = 'running'");
    const std::string id = insert_run(db, info);
    transaction.commit();
    auto state = std::make_unique<RunWriter::State>();
    state->connection = state_->connection;
    state->run = id;
    return std::unique_ptr<RunWriter>(new RunWriter(std::move(state)));
  });
}

RecordResult<std::unique_ptr<RunWriter>> Record::resume(const std::string& run) {
  auto& [file, db] = *state_->connection;
  return record::guarded<std::unique_ptr<RunWriter>>(file, [&]() -> RecordResult<std::unique_ptr<RunWriter>> {
    SQLite::Statement update(db, "UPDATE runs SET state = 'running' WHERE id = ? AND state <> 'ended'");
    update.bind(1, run);
    if (update.exec() == 0) return RecordError(file, "has no unfinished run " + run);
    auto state = std::make_unique<RunWriter::State>();
    state->connection = state_->connection;
    state->run = run;
    state->next_seq = highest(db, "seq", "events", run) + 1;
    state->tick = highest(db, "tick", "sli_samples", run);
    state->tick = std::max(state->tick, highest(db, "tick", "node_samples", run));
    return std::unique_ptr<RunWriter>(new RunWriter(std::move(state)));
  });
}

RecordResult<std::string> Record::unfinished() {
  auto& [file, db] = *state_->connection;
  return record::guarded<std::string>(file, [&]() -> RecordResult<std::string> {
    SQLite::Statement query(db, "SELECT id FROM runs WHERE state = 'running' ORDER BY number DESC LIMIT 1");
    if (!query.executeStep()) return std::string();
    return query.getColumn(0).getString();
  });
}

}  // namespace chaos
