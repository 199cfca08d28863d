#include "postgres/sql/sql_output.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

using namespace oid;

class Schema final : public SchemaTypes {
 public:
  OutputColumns columns(const std::string& relation) override {
    if (relation == "items") return {{"id", kInt4}, {"name", kText}, {"price", kNumeric, (10 << 16 | 2) + 4, 2}, {"active", kBool}, {"made", kTimestampTz}};
    if (relation == "orders") return {{"id", kInt8}, {"item_id", kInt4}, {"at", kTimestampTz}};
    return {};
  }
};

OutputColumns columns_of(std::string_view sql, const std::vector<std::int32_t>& parameters = {}) {
  std::vector<StatementText> statements;
  ServerError error;
  EXPECT_TRUE(split_statements(sql, statements, error));
  Schema schema;
  return output_columns(statements.at(0).tokens, schema, parameters).value_or(OutputColumns{});
}

std::int32_t type_of(std::string_view expression) {
  const OutputColumns columns = columns_of("select " + std::string(expression) + " from items i join orders o on o.item_id = i.id");
  return columns.size() == 1 ? columns[0].type : -2;
}
std::string name_of(std::string_view expression) { return columns_of("select " + std::string(expression) + " from items").at(0).name; }

TEST(SqlOutput, ConditionsAreBooleans) {
  for (const char* text : {"1 = 2", "active", "not active", "i.id in (1, 2)", "name like 'a%'", "made is null", "exists (select 1)", "active and i.id > 1", "true",
                           "case when i.id > 1 then active else false end", "coalesce(active, false)", "'t'::bool", "cast(1 as boolean)", "bool_or(active)",
                           "(select active from items limit 1)", "i.id between 1 and 3", "active is true", "max(active)", "(active)"}) {
    EXPECT_EQ(type_of(text), kBool) << text;
  }
}

TEST(SqlOutput, NumbersWiden) {
  EXPECT_EQ(type_of("1"), kInt4);
  EXPECT_EQ(type_of("i.id + 1"), kInt4);
  EXPECT_EQ(type_of("i.id + o.id"), kInt8);
  EXPECT_EQ(type_of("i.id * 1.5"), kNumeric);
  EXPECT_EQ(type_of("-i.id"), kInt4);
  EXPECT_EQ(type_of("count(*)"), kInt8);
  EXPECT_EQ(type_of("count(*) filter (where active)"), kInt8);
  EXPECT_EQ(type_of("sum(i.id)"), kInt8);
  EXPECT_EQ(type_of("sum(o.id)"), kNumeric);
  EXPECT_EQ(type_of("avg(i.id)"), kNumeric);
  EXPECT_EQ(type_of("count(*)::float8 / 2"), kFloat8);
  EXPECT_EQ(type_of("row_number() over (order by i.id)"), kInt8);
}

TEST(SqlOutput, TimesAndTheirDifferences) {
  EXPECT_EQ(type_of("now()"), kTimestampTz);
  EXPECT_EQ(type_of("now() - made"), kInterval);
  EXPECT_EQ(type_of("made - interval '5 min'"), kTimestampTz);
  EXPECT_EQ(type_of("current_date - 7"), kDate);
  EXPECT_EQ(type_of("now()::date - made::date"), kInt4);
  EXPECT_EQ(type_of("extract(epoch from now() - made)"), kNumeric);
  EXPECT_EQ(type_of("date_trunc('hour', made)"), kTimestampTz);
  EXPECT_EQ(type_of("made at time zone 'UTC'"), kTimestamp);
  EXPECT_EQ(type_of("interval '1 day'"), kInterval);
}

TEST(SqlOutput, NamesAsPostgresGivesThem) {
  EXPECT_EQ(name_of("1"), "?column?");
  EXPECT_EQ(name_of("count(*)"), "count");
  EXPECT_EQ(name_of("count(*)::int"), "count");
  EXPECT_EQ(name_of("'a'::text"), "text");
  EXPECT_EQ(name_of("items.id"), "id");
  EXPECT_EQ(name_of("id as number"), "number");
  EXPECT_EQ(name_of("id number"), "number");
  EXPECT_EQ(name_of("now() - made"), "?column?");
  EXPECT_EQ(name_of("case when active then 1 end"), "case");
  EXPECT_EQ(name_of("exists (select 1)"), "exists");
  EXPECT_EQ(name_of("true"), "?column?");
  EXPECT_EQ(name_of("current_user"), "current_user");
}

TEST(SqlOutput, ColumnsComeThroughSubqueriesWithAndStars) {
  EXPECT_EQ(columns_of("select * from items").size(), 5u);
  EXPECT_EQ(columns_of("select o.*, i.active from items i, orders o").at(3).type, kBool);
  EXPECT_EQ(columns_of("select x.b from (select id > 1 as b from items) x").at(0).type, kBool);
  EXPECT_EQ(columns_of("with w(b) as (select active from items) select b from w").at(0).type, kBool);
  EXPECT_EQ(columns_of("select v from (values (true), (false)) as t(v)").at(0).type, kBool);
  EXPECT_EQ(columns_of("select i from generate_series(1, 3) i").at(0).type, kInt4);
  EXPECT_EQ(columns_of("select active from items union select false").at(0).type, kBool);
  EXPECT_EQ(columns_of("insert into items(name) values ('a') returning id, active").at(1).type, kBool);
  EXPECT_EQ(columns_of("select $1, $2 + 1", {kInt8, kFloat8}).at(1).type, kFloat8);
  EXPECT_EQ(columns_of("select price, sum(price) from items").at(1).scale, 2);
  EXPECT_EQ(columns_of("select id is distinct from 1 as d from items").at(0).type, kBool);
}

}  // namespace
}  // namespace chaos::pg
