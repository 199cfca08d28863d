// A bound statement on its way to its last row.
#pragma once

#include "postgres/sql/sql_plan.hpp"
#include "postgres/store/handle.hpp"

namespace chaos::pg {

/// A parameter's value as Bind brought it.
struct BoundValue {
  std::optional<std::string> value;
  std::int32_t type = 0;
  std::int16_t format = 0;
};

struct RowFormat {
  bool describe = false;                  // a RowDescription goes first (simple query)
  std::vector<std::int16_t> formats;      // of the columns, by Bind's rule
};

/// One thread at a time.
class RowRun {
 public:
  /// Prepares sql and binds. False: `error` says why.
  bool open(Handle& handle, const Plan& plan, const std::string& sql, const std::vector<BoundValue>& values, ServerError& error);

  enum class Step { done, full, failed };
  /// Appends DataRows until the last one (done) or until `out` has grown by max_bytes (full; more may come).
  Step run(std::string& out, std::size_t max_bytes, const RowFormat& format);

  bool writes() const { return sqlite3_stmt_readonly(statement_.get()) == 0; }
  bool returns_rows() const { return sqlite3_column_count(statement_.get()) > 0; }
  std::int64_t rows() const { return rows_; }
  /// How many rows the whole scans of tables went over; counts from zero again.
  std::int64_t take_scanned() const { return sqlite3_stmt_status(statement_.get(), SQLITE_STMTSTATUS_FULLSCAN_STEP, 1); }
  sqlite3_stmt* statement() const { return statement_.get(); }
  const Accesses& accesses() const { return statement_.accesses(); }
  Handle& handle() const { return *handle_; }
  const ServerError& error() const { return error_; }
  /// What Describe answers, before a row is known.
  std::vector<Column> describe(const std::vector<std::int16_t>& formats) const;

 private:
  void start(std::string& out, bool on_row, const RowFormat& format);
  const std::vector<Column>& known_columns(bool on_row) const;

  Handle* handle_ = nullptr;
  const Plan* plan_ = nullptr;
  const std::vector<BoundValue>* values_ = nullptr;      // they outlive the run
  mutable Handle::Borrowed statement_;
  bool started_ = false;
  std::vector<Column> columns_;                          // when some are asked for in binary
  const std::vector<Column>* shown_ = nullptr;
  std::int64_t rows_ = 0;
  ServerError error_;
};

}  // namespace chaos::pg
