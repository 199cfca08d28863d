#include "postgres/store/row_run.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/sql/sql_types.hpp"
#include "postgres/state/backends.hpp"
#include "postgres/store/constraint_names.hpp"
#include "postgres/store/schema_types.hpp"
#include "wire/pgwire_frontend.hpp"

#include <algorithm>

namespace chaos::pg {

bool RowRun::open(Handle& handle, const Plan& plan, const std::string& sql, const std::vector<BoundValue>& values, ServerError& error) {
  handle_ = &handle;
  plan_ = &plan;
  values_ = &values;
  statement_ = handle.prepare(sql, error);
  if (!statement_) {
    complete_error(handle, plan, sql, values, error);
    return false;
  }
  const int wanted = sqlite3_bind_parameter_count(statement_.get());
  for (int i = 1; i <= wanted && i <= static_cast<int>(values.size()); ++i) {
    const BoundValue& bound = values[static_cast<std::size_t>(i - 1)];
    if (!bind_parameter(statement_.get(), i, bound.value, bound.type, bound.format, error)) return false;
  }
  return true;
}

// Kept with the prepared statement while the schema and the parameters' types stay the same.
const std::vector<Column>& RowRun::known_columns(bool on_row) const {
  Described& known = statement_.described();
  const int generation = sqlite3_stmt_status(statement_.get(), SQLITE_STMTSTATUS_REPREPARE, 0);
  if (known.columns && known.generation == generation && known.types == plan_->types) return *known.columns;
  HandleSchema schema(*handle_);
  const bool query = !plan_->tokens.empty() && sqlite3_column_count(statement_.get()) > 0;
  auto columns = describe_columns(statement_.get(), on_row, query ? output_columns(plan_->tokens, schema, plan_->types) : std::nullopt);
  known = {std::make_shared<const std::vector<Column>>(std::move(columns)), plan_->types, generation};
  return *known.columns;
}

std::vector<Column> RowRun::describe(const std::vector<std::int16_t>& formats) const {
  std::vector<Column> columns = known_columns(false);
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].format = format_of(formats, i);
  return columns;
}

void RowRun::start(std::string& out, bool on_row, const RowFormat& format) {
  started_ = true;
  if (on_row && handle_->backend && handle_->backend->count) handle_->backend->count->first_row = RealClock::now();
  shown_ = &known_columns(on_row);
  const bool binary = std::any_of(format.formats.begin(), format.formats.end(), [](std::int16_t f) { return f != 0; });
  if (binary) {
    columns_ = describe(format.formats);
    shown_ = &columns_;
  }
  if (format.describe && !shown_->empty()) append_row_description(out, *shown_);
}

RowRun::Step RowRun::run(std::string& out, std::size_t max_bytes, const RowFormat& format) {
  const std::size_t from = out.size();
  if (!started_ && handle_->backend && handle_->backend->count) *handle_->backend->count = {};
  while (true) {
    const int code = sqlite3_step(statement_.get());
    const bool on_row = code == SQLITE_ROW;
    if (!on_row && code != SQLITE_DONE) {
      error_ = handle_->last_error();
      complete_error(*handle_, *plan_, sqlite3_sql(statement_.get()), *values_, error_);
      return Step::failed;
    }
    if (!started_) start(out, on_row, format);
    if (!on_row) {
      if (handle_->backend) handle_->backend->work = {handle_->backend->work.scanned + take_scanned(), rows_, true};
      return Step::done;
    }
    if (!append_data_row(out, statement_.get(), *shown_, error_)) return Step::failed;
    ++rows_;
    if (out.size() - from >= max_bytes) return Step::full;
  }
}

}  // namespace chaos::pg
