#include "postgres/row_run.hpp"

#include "postgres/backends.hpp"
#include "postgres/sql_error.hpp"
#include "postgres/sql_types.hpp"
#include "wire/pgwire_frontend.hpp"

namespace chaos::pg {

namespace {
constexpr int kPlanDetail = 3;   // EXPLAIN QUERY PLAN: id, parent, notused, detail
}

bool RowRun::open(Handle& handle, const Plan& plan, const std::string& sql, const std::vector<BoundValue>& values, ServerError& error) {
  handle_ = &handle;
  explain_ = plan.verb == Verb::explain;
  statement_ = handle.prepare(sql, error);
  if (!statement_) return false;
  const int wanted = sqlite3_bind_parameter_count(statement_.get());
  for (int i = 1; i <= wanted && i <= static_cast<int>(values.size()); ++i) {
    const BoundValue& bound = values[static_cast<std::size_t>(i - 1)];
    if (!bind_parameter(statement_.get(), i, bound.value, bound.type, bound.format, error)) return false;
  }
  return true;
}

std::vector<Column> RowRun::describe(const std::vector<std::int16_t>& formats) const {
  std::vector<Column> columns = explain_ ? std::vector<Column>{{"QUERY PLAN", oid::kText, 0}} : describe_columns(statement_.get(), false);
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].format = format_of(formats, i);
  return columns;
}

void RowRun::start(std::string& out, bool on_row, const RowFormat& format) {
  started_ = true;
  columns_ = describe(format.formats);
  if (!format.describe || columns_.empty()) return;
  if (!explain_) columns_ = describe_columns(statement_.get(), on_row);
  append_row_description(out, columns_);
}

bool RowRun::append(std::string& out) {
  if (!explain_) return append_data_row(out, statement_.get(), columns_, error_);
  Writer(out, 'D').int16(1).value(reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), kPlanDetail)));
  return true;
}

RowRun::Step RowRun::run(std::string& out, std::size_t max_bytes, const RowFormat& format) {
  const std::size_t from = out.size();
  while (true) {
    const int code = sqlite3_step(statement_.get());
    const bool on_row = code == SQLITE_ROW;
    if (!on_row && code != SQLITE_DONE) {
      error_ = handle_->last_error();
      return Step::failed;
    }
    if (!started_) start(out, on_row, format);
    if (!on_row) {
      if (handle_->backend) handle_->backend->work = {handle_->backend->work.scanned + take_scanned(), rows_, true};
      return Step::done;
    }
    if (!append(out)) return Step::failed;
    ++rows_;
    if (out.size() - from >= max_bytes) return Step::full;
  }
}

}  // namespace chaos::pg
