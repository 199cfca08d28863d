// SQL text on its way to SQLite: any bytes are cut into tokens, planned, translated, typed and explained without a crash, and
// what is read as a literal, an interval or an array survives its way through text.
#include "postgres/base/array_text.hpp"
#include "postgres/base/pg_interval.hpp"
#include "postgres/base/pg_time.hpp"
#include "postgres/base/to_char.hpp"
#include "postgres/execution/explain_tree.hpp"
#include "postgres/sql/sql_binary.hpp"
#include "postgres/sql/sql_coerce.hpp"
#include "postgres/sql/sql_plan.hpp"
#include "postgres/sql/sql_types.hpp"

#include <cstdlib>

namespace {

using namespace chaos::pg;

class Schema final : public SchemaTypes {
 public:
  OutputColumns columns(const std::string& relation) override {
    if (relation.size() > 6) return {};
    return {{"id", oid::kInt4}, {"name", oid::kVarchar, 14}, {"active", oid::kBool}, {"made", oid::kTimestampTz}, {"price", oid::kNumeric, (8 << 16 | 2) + 4, 2}};
  }
  std::string default_of(const std::string&, const std::string&) override { return "now ( )"; }
};

class Facts final : public ExplainFacts {
 public:
  double rows(const std::string& table) override { return static_cast<double>(table.size() * 1000); }
  int width(const std::string&) override { return 40; }
  std::vector<std::string> index_columns(const std::string&) override { return {"id"}; }
  bool unique(const std::string&, const std::string& index) override { return index.empty(); }
  std::string primary_key(const std::string&) override { return "id"; }
};

void plan(const StatementText& given) {
  StatementText statement = given;
  Schema schema;
  Facts facts;
  ServerError error;
  std::vector<std::int32_t> types;
  ServerError refused;
  if (!coerce_values(statement.tokens, schema, types, refused)) return;
  spread_delete_using(statement.tokens);
  spread_distinct_on(statement.tokens, schema, types);
  Plan plan;
  if (!make_plan(statement, plan, error)) return;
  if (!plan.tokens.empty()) output_columns(plan.tokens, schema, plan.types);
  const std::vector<PlanStep> steps{{2, 0, "SEARCH items USING INTEGER PRIMARY KEY (rowid=?)"}, {3, 0, "SCAN o"}, {4, 0, "USE TEMP B-TREE FOR ORDER BY"}};
  const ExplainNode tree = explain_tree(steps, plan, facts);
  const ExplainTimes times{1, 2, 3};
  explain_text(tree, {}, &times);
  explain_json(tree, {}, &times);
}

void values(std::string_view text) {
  if (const auto interval = read_interval(text)) {
    const auto again = read_interval(write_interval(*interval));
    if (!again || again->months != interval->months || again->days != interval->days || again->us != interval->us) std::abort();
    add_interval(0, *interval);
  }
  if (const auto items = read_array(text); items && read_array(write_array(*items)) != items) std::abort();
  if (const auto us = parse_timestamp(text)) {
    if (parse_timestamp(format_timestamp(*us)) != us) std::abort();
    time_to_char(*us, text);
  }
  number_to_char(12345.678, text.substr(0, 64));
  std::string bytes;
  read_bytea(text, bytes);
  for (const std::int32_t type : {oid::kNumeric, oid::kTimestampTz, oid::kDate, oid::kInterval, oid::kUuid, oid::kBool, oid::kInt4, oid::kFloat8}) text_of_binary(type, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<StatementText> statements;
  ServerError error;
  values(text);
  if (!split_statements(text, statements, error)) return 0;
  for (const StatementText& statement : statements) plan(statement);
  return 0;
}
