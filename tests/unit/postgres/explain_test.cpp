#include "postgres/execution/explain_tree.hpp"
#include "postgres/sql/sql_clauses.hpp"
#include "postgres/sql/sql_counted.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

class Facts final : public ExplainFacts {
 public:
  double rows(const std::string& table) override { return table == "items" ? 1000 : 50000; }
  int width(const std::string&) override { return 40; }
  std::vector<std::string> index_columns(const std::string& index) override { return index == "orders_item" ? std::vector<std::string>{"item_id"} : std::vector<std::string>{"id"}; }
  bool unique(const std::string&, const std::string& index) override { return index.empty(); }
  std::string primary_key(const std::string&) override { return "id"; }
};

std::string explained(std::string_view sql, const std::vector<std::string>& details) {
  std::vector<StatementText> statements;
  ServerError error;
  Plan plan;
  EXPECT_TRUE(split_statements(sql, statements, error) && make_plan(statements.at(0), plan, error)) << error.message;
  std::vector<PlanStep> steps;
  for (const std::string& detail : details) steps.push_back({static_cast<int>(steps.size()) + 1, 0, detail});
  Facts facts;
  ExplainPlan options;
  options.costs = false;
  std::string out;
  for (const std::string& line : explain_text(explain_tree(steps, plan, facts), options, nullptr)) out += line + "\n";
  return out;
}

TEST(Explain, ScansShowWhatTheIndexAnswersAndWhatIsFiltered) {
  EXPECT_EQ(explained("select * from orders where item_id = 7 and state = 'new'", {"SCAN orders"}), "Seq Scan on orders\n  Filter: ((item_id = 7) AND (state = 'new'))\n");
  EXPECT_EQ(explained("select * from orders where item_id = 7 and state = 'new'", {"SEARCH orders USING INDEX orders_item (item_id=?)"}),
            "Index Scan using orders_item on orders\n  Index Cond: (item_id = 7)\n  Filter: (state = 'new')\n");
  EXPECT_EQ(explained("select max(id) from orders", {"SEARCH orders"}), "Aggregate\n  ->  Index Scan using orders_pkey on orders\n");
}

TEST(Explain, JoinsAreNestedLoopsWithTheirConditions) {
  EXPECT_EQ(explained("select i.name from orders o join items i on i.id = o.item_id where o.state = 'new' order by i.name limit 5",
                      {"SCAN o", "SEARCH i USING INTEGER PRIMARY KEY (rowid=?)", "USE TEMP B-TREE FOR ORDER BY"}),
            "Limit\n  ->  Sort\n        Sort Key: i.name\n        ->  Nested Loop\n              ->  Seq Scan on orders o\n                    Filter: (o.state = 'new')\n"
            "              ->  Index Scan using items_pkey on items i\n                    Index Cond: (i.id = o.item_id)\n");
}

TEST(Explain, ChangesStandAboveTheirScan) {
  EXPECT_EQ(explained("update orders set state = 'done' where id = 3", {"SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)"}),
            "Update on orders\n  ->  Index Scan using orders_pkey on orders\n        Index Cond: (id = 3)\n");
  EXPECT_EQ(explained("insert into orders(item_id) values (1)", {}), "Insert on orders\n  ->  Result\n");
}

std::string counted(std::string_view sql, const std::string& behind = {}) {
  std::vector<StatementText> statements;
  ServerError error;
  Plan plan;
  EXPECT_TRUE(split_statements(sql, statements, error) && make_plan(statements.at(0), plan, error)) << error.message;
  const auto tokens = counted_scan(plan, behind);
  return tokens ? deparse(*tokens, 0, tokens->size()) : "";
}

TEST(Explain, AScanOfOneTableIsCountedBeforeAndBehindItsFilter) {
  EXPECT_EQ(counted("select a from t where a = 1 or b = 2 order by a"), "select a from t where pg_scanned() and (a = 1 or b = 2) and pg_passed() order by a");
  EXPECT_EQ(counted("select a from t x where a = 1", "x"), "select a from t x where pg_scanned() and (a = 1) and pg_passed((select \"x\".rowid))");
  EXPECT_EQ(counted("select a from t limit 3"), "select a from t where pg_scanned() limit 3");
  EXPECT_EQ(counted("update t set a = 1"), "update t set a = 1 where pg_scanned()");
  EXPECT_EQ(counted("delete from t where a = 1 returning a"), "delete from t where pg_scanned() and (a = 1) and pg_passed() returning a");
  for (const char* sql : {"select count(*) from t", "select 1 from t, u where t.a = u.a", "select 1 from t join u using (a)", "select 1 from t where a in (select b from u)", "select 1",
                          "update t set a = 1 from u where t.b = u.b", "insert into t select * from u", "values (1)"}) {
    EXPECT_EQ(counted(sql), "") << sql;
  }
}

TEST(Explain, WhatWasMeasuredStandsWhereItIsTrue) {
  const auto scan = [] {
    ExplainNode node;
    node.type = "Seq Scan";
    node.relation = "t";
    node.details = {{"Filter", "(a = 1)"}};
    return node;
  };
  const auto above = [](const char* type, ExplainNode child) {
    ExplainNode node;
    node.type = type;
    node.children.push_back(std::move(child));
    return node;
  };
  const ExplainTimes times{0.1, 9, 7, 3, ExplainTimes::Scan{20, 100, 1, 6}};
  ExplainPlan options;
  options.costs = false;
  const auto lines = [&](ExplainNode root) {
    explain_actual(root, times);
    std::string out;
    for (const std::string& line : explain_text(root, options, &times)) out += line + "\n";
    return out;
  };
  EXPECT_EQ(lines(above("Limit", above("Sort", scan()))),
            "Limit  (actual time=7.000..9.000 rows=3 loops=1)\n  ->  Sort  (actual time=7.000..9.000 rows=3 loops=1)\n        ->  Seq Scan on t  (actual time=1.000..6.000 rows=20 loops=1)\n"
            "              Filter: (a = 1)\n              Rows Removed by Filter: 80\nPlanning Time: 0.100 ms\nExecution Time: 9.000 ms\n");
  const std::string changed = lines(above("Delete", scan()));
  EXPECT_NE(changed.find("Delete  (actual time=9.000..9.000 rows=0 loops=1)\n  ->  Seq Scan on t  (actual time=1.000..6.000 rows=20 loops=1)"), std::string::npos) << changed;
}

TEST(Explain, AnIndexCostsLessThanTheTable) {
  std::vector<StatementText> statements;
  ServerError error;
  Plan plan;
  ASSERT_TRUE(split_statements("select * from orders where id = 1", statements, error) && make_plan(statements[0], plan, error));
  Facts facts;
  const ExplainNode scan = explain_tree({{1, 0, "SCAN orders"}}, plan, facts), search = explain_tree({{1, 0, "SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)"}}, plan, facts);
  EXPECT_GT(scan.total, 20 * search.total);
  EXPECT_EQ(search.rows, 1);
}

}  // namespace
}  // namespace chaos::pg
