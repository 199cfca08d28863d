// How rows become a run's data. Every function throws SQLite::Exception. Private to controller/record.
#pragma once

#include "record/database.hpp"
#include "record/run_data.hpp"

namespace chaos::record {

std::string resolve_run(SQLite::Database& db, const std::string& run);   // "" and "last": the newest; "": none such
std::string known_runs(SQLite::Database& db);                             // "r1 to r7", for messages
std::vector<RunInfo> read_runs(SQLite::Database& db);
std::vector<v1::Event> read_events(SQLite::Database& db, const std::string& run, std::uint64_t after);
void visit_events(SQLite::Database& db, const std::string& run, RealSpan span, const EventVisitor& visit);
std::vector<std::int64_t> read_orders(SQLite::Database& db, const std::string& run);
/// The run must exist. Error: its plan cannot be read.
RecordResult<RunData> read_run(Connection& connection, const std::string& run, std::uint64_t most_ticks);

}  // namespace chaos::record
