// COPY FROM STDIN and TO STDOUT. Source: PostgreSQL 15 documentation, 55.2.6 "COPY Operations".
#include "postgres/session/session.hpp"

#include "postgres/base/sql_error.hpp"
#include "postgres/session/session_sinks.hpp"
#include "postgres/state/waiting.hpp"

namespace chaos::pg {

namespace {

constexpr std::chrono::minutes kSilence{10};           // a client that stops in the middle of its rows is gone
constexpr std::size_t kBatchRows = 200;
constexpr std::size_t kBatchValues = 2000;

// Turns DataRows into lines of COPY and sends them.
class CopySink final : public RowSink {
 public:
  CopySink(SessionWire& wire, const CopyFormat& format) : wire_(wire), format_(format) {}
  std::string& out() override { return rows_; }
  awaitable<bool> flush(ServerError& error) override {
    convert();
    const auto sent = co_await wire_.flush_if_large();
    if (!sent) error = make_error("08006", "connection to client lost");
    co_return sent.has_value();
  }

 private:
  void convert() {
    std::vector<std::optional<std::string_view>> values;
    std::string line;
    for (std::string_view rest = rows_; rest.size() >= 5;) {
      Reader head(rest.substr(1));
      const auto length = static_cast<std::size_t>(head.int32());
      Reader row(rest.substr(5, length - 4));
      values.resize(static_cast<std::size_t>(row.int16()));
      for (auto& value : values) value = row.value();
      line.clear();
      append_copy_row(line, format_, values);
      append_copy_data(wire_.out, line);
      rest.remove_prefix(length + 1);
    }
    rows_.clear();
  }

  SessionWire& wire_;
  const CopyFormat& format_;
  std::string rows_;
};

std::string value_mark(const Column& column) {
  const int limits = column.modifier - 4;
  if (column.type != oid::kNumeric) return "?";
  return column.modifier < 4 ? "pg_numeric(?)" : "pg_numeric(?," + std::to_string(limits >> 16) + "," + std::to_string(limits & 0xffff) + ")";
}

std::string insert_sql(const CopyPlan& copy, const std::vector<Column>& columns, std::size_t rows) {
  std::string sql = "INSERT INTO " + copy.table + "(";
  for (std::size_t i = 0; i < columns.size(); ++i) sql += (i > 0 ? ", " : "") + quote_name(columns[i].name);
  sql += ") VALUES ";
  for (std::size_t row = 0; row < rows; ++row) {
    sql += row > 0 ? ", (" : "(";
    for (std::size_t i = 0; i < columns.size(); ++i) sql += (i > 0 ? "," : "") + value_mark(columns[i]);
    sql += ")";
  }
  return sql;
}

// As many values as columns, or PostgreSQL's words for what is wrong (22P04).
bool row_fits(const CopyRow& row, const std::vector<Column>& columns, ServerError& error) {
  if (row.size() > columns.size()) error = make_error("22P04", "extra data after last expected column");
  if (row.size() < columns.size()) error = make_error("22P04", "missing data for column \"" + columns[row.size()].name + "\"");
  return row.size() == columns.size();
}

}  // namespace

awaitable<bool> Session::copy_out(const Plan& plan, std::string& tag) {
  std::vector<Column> columns;
  ServerError error;
  if (!describe_columns(*plan.inner, {}, columns, error)) co_return fail(error);
  append_copy_response(wire_.out, 'H', 0, columns.size());
  std::string line;
  std::vector<std::optional<std::string_view>> names;
  for (const Column& column : columns) names.emplace_back(column.name);
  append_copy_row(line, plan.copy->format, names);
  if (plan.copy->format.header) append_copy_data(wire_.out, line);
  CopySink sink(wire_, plan.copy->format);
  const RowFormat format{false, {}};
  const std::vector<BoundValue> none;
  if (!co_await run_data(*plan.inner, none, format, sink, tag)) co_return false;
  if (!co_await sink.flush(error)) co_return fail(error);
  append_empty(wire_.out, 'c');
  tag = "COPY " + tag.substr(tag.rfind(' ') + 1);
  co_return true;
}

// All rows or none: one transaction, unless the client has one.
awaitable<bool> Session::copy_in(const Plan& plan, std::string& tag) {
  ServerError error;
  Plan shape;
  std::vector<StatementText> query;
  std::string list;
  for (const std::string& column : plan.copy->columns) list += (list.empty() ? "" : ", ") + column;
  std::vector<Column> columns;
  const bool known = split_statements("SELECT " + (list.empty() ? "*" : list) + " FROM " + plan.copy->table, query, error) &&
                     make_plan(query[0], shape, error) && describe_columns(shape, {}, columns, error);
  if (known && engine_.database->read_only()) error = make_error("25006", "cannot execute COPY FROM in a read-only transaction");
  if (!known || engine_.database->read_only()) {
    executor_.refuse();
    co_return fail(error);
  }
  const bool own = !executor_.transaction().active();
  if (own) executor_.begin_implicit();
  append_copy_response(wire_.out, 'G', 0, columns.size());
  std::int64_t rows = 0;
  bool done = co_await copy_rows(plan, columns, rows, error);
  if (!done) executor_.refuse();
  ServerError commit_error;
  const bool ended = !own || co_await executor_.end_implicit(done, commit_error);
  if (!ended) done = false, error = commit_error;
  tag = "COPY " + std::to_string(rows);
  co_return done || fail(error);
}

// Whoever ends the session need not wait for its client.
awaitable<Result<Message>> Session::next_of_copy() {
  const Waiting waiting(backend_, "Client", "ClientRead");
  reading_ = true;
  auto message = co_await wire_.next(RealClock::now() + kSilence);
  reading_ = false;
  co_return message;
}

// Reads until the client has said that it is done; after an error what else it sends is ignored by handle().
awaitable<bool> Session::copy_rows(const Plan& plan, const std::vector<Column>& columns, std::int64_t& rows, ServerError& error) {
  const auto sent = co_await wire_.flush();
  CopyDecoder decoder(plan.copy->format);
  std::vector<BoundValue> values;
  CopyRow row;
  const std::size_t batch = std::min(kBatchRows, std::max<std::size_t>(1, kBatchValues / std::max<std::size_t>(1, columns.size()))) * columns.size();
  for (bool over = !sent.has_value(); !over;) {
    const auto message = co_await next_of_copy();
    if (!message) co_return error = make_error("08006", "unexpected EOF on client connection with an open transaction"), false;
    Frontend parsed;
    if (!parse_frontend(*message, parsed)) co_return error = make_error("08P01", "invalid message format"), false;
    if (const auto* data = std::get_if<CopyData>(&parsed)) decoder.feed(data->bytes);
    else if (std::holds_alternative<CopyDone>(parsed)) decoder.finish(), over = true;
    else if (const auto* failed = std::get_if<CopyFail>(&parsed)) co_return error = make_error("57014", "COPY from stdin failed: " + std::string(failed->why)), false;
    else if (!std::holds_alternative<Sync>(parsed) && !std::holds_alternative<Flush>(parsed)) co_return error = make_error("08P01", "unexpected message type during COPY from stdin"), false;
    if (backend_.cancelled) co_return backend_.cancelled = false, error = make_error("57014", "canceling statement due to user request"), false;
    for (auto progress = decoder.next(row); progress != CopyDecoder::Progress::more && progress != CopyDecoder::Progress::end; progress = decoder.next(row)) {
      if (progress == CopyDecoder::Progress::malformed) error = make_error("22P04", "unterminated CSV quoted field");
      if (progress == CopyDecoder::Progress::too_large) error = make_error("54000", "row is too large");
      const bool fits = progress == CopyDecoder::Progress::row && row_fits(row, columns, error);
      error.context = "COPY " + name_of({TokenKind::quoted, plan.copy->table, 0}) + ", line " + std::to_string(decoder.line()) + ": \"" + decoder.text() + "\"";
      if (!fits) co_return false;
      for (std::size_t i = 0; i < row.size(); ++i) values.push_back({std::move(row[i]), columns[i].type, 0});
      if (values.size() >= batch && !co_await insert_rows(*plan.copy, columns, values, rows, error)) co_return false;
    }
  }
  error = {};
  co_return values.empty() || co_await insert_rows(*plan.copy, columns, values, rows, error);
}

awaitable<bool> Session::insert_rows(const CopyPlan& copy, const std::vector<Column>& columns, std::vector<BoundValue>& values, std::int64_t& rows, ServerError& error) {
  Plan plan;
  plan.verb = Verb::insert;
  plan.tag = "INSERT 0";
  plan.sql.push_back(insert_sql(copy, columns, values.size() / columns.size()));
  CountingSink sink;
  std::string tag;
  ServerError notice;
  const RowFormat format{false, {}};
  const Call call{plan, values, format, sink};
  const bool done = co_await executor_.run(call, tag, notice, error);
  rows += static_cast<std::int64_t>(values.size() / columns.size());
  values.clear();
  co_return done;
}

}  // namespace chaos::pg
