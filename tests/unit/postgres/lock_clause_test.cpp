#include "postgres/sql/sql_plan.hpp"
#include "postgres/state/change_record.hpp"
#include "postgres/store/recent_commits.hpp"

#include <gmock/gmock.h>

namespace chaos::pg {
namespace {

using testing::ElementsAre;

struct Made { bool good = false; Plan plan; ServerError error; };

Made made(const std::string& sql) {
  std::vector<StatementText> statements;
  Made out;
  out.good = split_statements(sql, statements, out.error) && make_plan(statements.at(0), out.plan, out.error);
  return out;
}

TEST(LockClause, TheRowsOfASelectAreAskedForBesideItsColumns) {
  const Plan plan = made("select id, name n from items i where stock > 3 order by n limit 2 for no key update").plan;
  ASSERT_TRUE(plan.row_locks);
  EXPECT_EQ(plan.row_locks->mode, LockMode::exclusive);
  EXPECT_THAT(plan.row_locks->tables, ElementsAre("items"));
  EXPECT_EQ(plan.sql[0].find("for"), std::string::npos);
  EXPECT_EQ(plan.row_locks->sql, "select id , name n , \"i\".rowid from items i where stock > 3 order by n limit 2");
}

TEST(LockClause, OfNamesTheTablesAmongSeveral) {
  EXPECT_THAT(made("select * from items join orders o on o.item_id = items.id for share").plan.row_locks->tables, ElementsAre("items", "orders"));
  EXPECT_THAT(made("select * from items, public.orders as o for update of o nowait").plan.row_locks->tables, ElementsAre("orders"));
  EXPECT_TRUE(made("select * from items, public.orders as o for update of o nowait").plan.row_locks->nowait);
  EXPECT_TRUE(made("select 1 for update").plan.row_locks->sql.empty());
  EXPECT_TRUE(made("select * from items i, (select 1) as q for update of i, q").good);
  const Made unnamed = made("select * from items i for no key update of i, items");
  EXPECT_EQ(unnamed.error.sqlstate + " " + unnamed.error.message, "42P01 relation \"items\" in FOR NO KEY UPDATE clause not found in FROM clause");
  EXPECT_EQ(unnamed.error.position, 47);
}

TEST(LockClause, SkipLockedIsACondition) {
  const Plan plan = made("select id from items where id > 1 or id < 0 order by id for update skip locked").plan;
  EXPECT_TRUE(plan.asks_locks);
  EXPECT_EQ(plan.sql[0], "select id from items where ( id > 1 or id < 0 ) and pg_row_free ( 'items' , \"items\".rowid , 8 ) order by id");
  const Plan queue = made("update jobs set s = 1 where id = (select id from jobs limit 1 for update skip locked) returning id").plan;
  EXPECT_EQ(queue.verb, Verb::update);
  EXPECT_FALSE(queue.row_locks);
  EXPECT_NE(queue.sql[0].find("from jobs where pg_row_free ( 'jobs' , \"jobs\".rowid , 8 ) limit 1"), std::string::npos) << queue.sql[0];
}

TEST(LockClause, IsRefusedWhereARowOfTheResultIsNoRowOfATable) {
  for (const char* sql : {"select count(*) from items for update", "select distinct id from items for update", "select id from items group by id for update",
                          "select 1 from items union select 2 from items for update", "select (select id from items limit 1 for update nowait)"}) {
    const Made refused = made(sql);
    EXPECT_FALSE(refused.good) << sql;
    EXPECT_EQ(refused.error.sqlstate, "0A000") << sql;
  }
}

TEST(LockClause, LockTableReadsItsModes) {
  const Plan plan = made("lock table only public.items, orders in share row exclusive mode nowait").plan;
  EXPECT_EQ(plan.verb, Verb::lock);
  EXPECT_THAT(plan.tables, ElementsAre("items", "orders"));
  EXPECT_EQ(plan.lock_mode, LockMode::share_row_exclusive);
  EXPECT_TRUE(plan.nowait);
  EXPECT_EQ(made("lock items").plan.lock_mode, LockMode::access_exclusive);
  EXPECT_FALSE(made("lock table items in strong mode").good);
  EXPECT_FALSE(made("lock table").good);
  EXPECT_FALSE(made("lock table items in share").good);
}

TEST(RecentCommits, KnowsWhatChangedSinceASnapshot) {
  RecentCommits recent;
  std::string record;
  append_change(record, {ChangeOp::erase, "items", 7, {}});
  recent.note(record, 3);
  EXPECT_FALSE(recent.table_changed("items", 0));      // nobody looks: nothing is kept
  recent.open_snapshot();
  recent.note(record, 4);
  EXPECT_TRUE(recent.row_changed("items", 7, 3));
  EXPECT_FALSE(recent.row_changed("items", 7, 4));
  EXPECT_FALSE(recent.row_changed("items", 8, 3));
  EXPECT_TRUE(recent.table_changed("items", 3));
  EXPECT_FALSE(recent.table_changed("orders", 0));
  recent.close_snapshot();
  EXPECT_FALSE(recent.table_changed("items", 0));
}

}  // namespace
}  // namespace chaos::pg
