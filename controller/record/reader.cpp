#include "record/read_run.hpp"
#include "record/record.hpp"

namespace chaos {

struct RecordReader::State {
  std::shared_ptr<record::Connection> connection;
};

namespace {

// A run that nobody ended and nobody writes any more: its controller died.
void settle_state(const std::filesystem::path& file, RunInfo* info) {
  if (info->state == RunState::running && !record::has_writer(file)) info->state = RunState::cut_off;
}

}  // namespace

RecordReader::RecordReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecordReader::~RecordReader() = default;

RecordResult<std::unique_ptr<RecordReader>> RecordReader::open(const std::filesystem::path& file) {
  auto connection = record::open_to_read(file);
  if (!connection) return connection.error();
  return std::unique_ptr<RecordReader>(new RecordReader(std::make_unique<State>(State{*connection})));
}

RecordResult<std::vector<RunInfo>> RecordReader::runs() {
  auto& [file, db] = *state_->connection;
  return record::guarded<std::vector<RunInfo>>(
      file, [&]() -> RecordResult<std::vector<RunInfo>> {
        auto runs = record::read_runs(db);
        for (RunInfo& info : runs) settle_state(file, &info);
        return runs;
      });
}

RecordResult<RunData> RecordReader::load(const std::string& run, std::uint64_t most_ticks) {
  auto& [file, db] = *state_->connection;
  return record::guarded<RunData>(file, [&]() -> RecordResult<RunData> {
    SQLite::Transaction snapshot(db);   // one state of the file, whatever is written meanwhile
    const std::string id = record::resolve_run(db, run);
    if (id.empty() && (run.empty() || run == "last")) return RecordError(file, "holds no run yet");
    if (id.empty()) return RecordError(file, "has no run " + run + "; it holds " + record::known_runs(db));
    auto data = record::read_run(*state_->connection, id, most_ticks);
    if (data) settle_state(file, &data->info);
    return data;
  });
}

RecordResult<std::vector<v1::Event>> RecordReader::events(const std::string& run, std::uint64_t after) {
  auto& [file, db] = *state_->connection;
  return record::guarded<std::vector<v1::Event>>(
      file, [&]() -> RecordResult<std::vector<v1::Event>> { return record::read_events(db, run, after); });
}

RecordResult<void> RecordReader::visit_events(const std::string& run, RealSpan span, const EventVisitor& visit) {
  auto& [file, db] = *state_->connection;
  return record::guarded<void>(file, [&]() -> RecordResult<void> {
    record::visit_events(db, run, span, visit);
    return boost::system::in_place_value;
  });
}

RecordResult<std::vector<std::int64_t>> RecordReader::orders(const std::string& run) {
  auto& [file, db] = *state_->connection;
  return record::guarded<std::vector<std::int64_t>>(
      file, [&]() -> RecordResult<std::vector<std::int64_t>> { return record::read_orders(db, run); });
}

RecordResult<std::string> RecordReader::snapshot(const std::string& run) {
  auto& [file, db] = *state_->connection;
  return record::guarded<std::string>(file, [&]() -> RecordResult<std::string> {
    if (db.execAndGet("PRAGMA user_version").getInt() < 2) return std::string();
    SQLite::Statement query(db, "SELECT bytes FROM snapshots WHERE run = ?");
    query.bind(1, run);
    if (!query.executeStep()) return std::string();
    const SQLite::Column bytes = query.getColumn(0);
    return std::string(static_cast<const char*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes()));
  });
}

}  // namespace chaos
