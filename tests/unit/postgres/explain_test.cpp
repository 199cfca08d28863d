#include "postgres/execution/explain_tree.hpp"

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
