// Foreign keys: how their clauses are read, and what a statement on a database file does to them.
#include "postgres/sql/sql_plan.hpp"
#include "postgres/store/foreign_key_check.hpp"
#include "postgres/store/row_run.hpp"
#include "support/process.hpp"
#include "unit/postgres/fake_facts.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

Plan planned(std::string_view sql, ServerError& error) {
  std::vector<StatementText> statements;
  EXPECT_TRUE(split_statements(sql, statements, error)) << sql;
  Plan plan;
  error.sqlstate.clear();
  make_plan(statements.at(0), plan, error);
  return plan;
}

TEST(ForeignKeyClause, IsTakenOutOfTheDefinition) {
  ServerError error;
  const Plan plan = planned("create table c(a int constraint own references public.p on delete cascade not null, foreign key (a, b) references q(x, y) on update set null match simple, b int)", error);
  ASSERT_TRUE(plan.keys) << error.message;
  EXPECT_EQ(plan.sql.front(), "create table c ( a int not null , b int )");
  ASSERT_EQ(plan.keys->add.size(), 2U);
  const ForeignKeyClause& column = plan.keys->add[0];
  EXPECT_EQ(column.name + "|" + column.columns[0] + "|" + column.parent, "own|a|p");
  EXPECT_TRUE(column.parent_columns.empty());
  EXPECT_EQ(column.on_delete, KeyAction::cascade);
  const ForeignKeyClause& table = plan.keys->add[1];
  EXPECT_EQ(table.columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table.parent_columns, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(table.on_update, KeyAction::set_null);
  EXPECT_EQ(table.on_delete, KeyAction::no_action);
}

TEST(ForeignKeyClause, WhatCannotBeEnforcedIsRefused) {
  ServerError error;
  const std::pair<const char*, const char*> cases[] = {
      {"create table c(a int references p deferrable)", "0A000"}, {"create table c(a int references p initially deferred)", "0A000"},
      {"create table c(a int, b int, foreign key (a, b) references p match full)", "0A000"}, {"create table c(a int references p match partial)", "0A000"},
      {"create table c(a int references p on delete set null (a))", "0A000"}, {"create table c(a int references p on delete nothing)", "42601"},
      {"create table c(a int references p other)", "42601"}, {"create table c(a int, foreign key a references p)", "42601"},
      {"alter table c add foreign key (a) references p, add foreign key (b) references p", "0A000"},
      {"alter table c drop constraint k, add constraint k foreign key (a) references p", "0A000"}, {"alter table c validate constraint k, validate constraint l", "0A000"},
      {"alter table c drop constraint k other", "42601"}, {"alter table c rename constraint k to l", ""}, {"alter table c drop constraint if exists k restrict", ""},
      {"create table c(a int references p not deferrable initially immediate)", ""}, {"alter table c add constraint k foreign key (a) references p not valid", ""}};
  for (const auto& [sql, code] : cases) {
    planned(sql, error);
    EXPECT_EQ(error.sqlstate, code) << sql;
  }
}

class ForeignKeyRows : public testing::Test {
 protected:
  ForeignKeyRows() : handle(Handle::open(dir.path() / "test.db", {}, facts, error)) {}

  // What the statement's check says: "" or the SQLSTATE and DETAIL. What it did is kept or undone as a statement's would be.
  std::string run(std::string_view sql) {
    const Plan plan = planned(sql, error);
    EXPECT_TRUE(handle->exec("BEGIN IMMEDIATE", error));
    handle->capturing = true;
    handle->forget_touched();
    handle->changes.clear();
    const auto keys = std::make_shared<const ForeignKeys>(ForeignKeys::read(*handle));
    handle->watched = keys;
    for (const std::string& each : plan.sql) EXPECT_TRUE(handle->exec(each, error)) << error.message;
    ForeignKeyCheck check(*handle, keys);
    KeyDefinitionResult result;
    const bool good = plan.keys ? define_foreign_keys(*handle, *plan.keys, result, error) : check.run(error);
    locks = check.locks();
    in_the_way = check.in_the_way();
    handle->capturing = false;
    ServerError ignored;
    handle->exec(good ? "COMMIT" : "ROLLBACK", ignored);
    return good ? "" : error.sqlstate + " " + error.detail;
  }

  std::string column(const std::string& sql) {
    const auto query = handle->internal(sql, error);
    std::string out;
    while (query && sqlite3_step(query.get()) == SQLITE_ROW) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0));
      out += (out.empty() ? "" : " ") + std::string(text ? text : "null");
    }
    return out;
  }

  test::TempDir dir;
  FakeFacts facts;
  ServerError error;
  std::unique_ptr<Handle> handle;
  std::vector<KeyLock> locks;
  std::vector<KeyLock> in_the_way;
};

TEST_F(ForeignKeyRows, ARowThatRefersNeedsItsRowAndLocksIt) {
  run("create table p(id int primary key)");
  run("create table c(id int primary key, p int references p)");
  EXPECT_EQ(run("insert into c values (1, 9)"), "23503 Key (p)=(9) is not present in table \"p\".");
  EXPECT_EQ(error.constraint + "|" + error.table, "c_p_fkey|c");
  EXPECT_EQ(run("insert into p values (9)"), "");
  EXPECT_EQ(run("insert into c values (1, 9), (2, null)"), "");
  ASSERT_EQ(locks.size(), 1U);
  EXPECT_EQ(locks[0].table, "p");
  EXPECT_EQ(locks[0].mode, LockMode::access_share);
  EXPECT_EQ(run("update c set id = 3 where id = 1"), "");
  EXPECT_EQ(run("update c set p = 8 where id = 3"), "23503 Key (p)=(8) is not present in table \"p\".");
  EXPECT_EQ(run("delete from p"), "23503 Key (id)=(9) is still referenced from table \"c\".");
  ASSERT_EQ(in_the_way.size(), 2U);
  EXPECT_EQ(in_the_way[0].table + in_the_way[1].table, "pc");
}

TEST_F(ForeignKeyRows, ActionsTakeTheOthersAlong) {
  run("create table p(id int primary key, code text unique)");
  run("create table c(id int primary key, p int references p on delete cascade on update cascade)");
  run("create table g(c int references c on delete cascade, code text references p(code) on delete set null on update restrict)");
  run("insert into p values (1, 'a'), (2, 'b')");
  run("insert into c values (10, 1), (20, 2)");
  run("insert into g values (10, 'b'), (20, 'a')");
  EXPECT_EQ(run("update p set id = 5 where id = 1"), "");
  EXPECT_EQ(column("SELECT p FROM c ORDER BY id"), "5 2");
  EXPECT_EQ(run("update p set code = 'z' where id = 2"), "23503 Key (code)=(b) is still referenced from table \"g\".");
  EXPECT_EQ(run("delete from p where id = 5"), "");
  EXPECT_EQ(column("SELECT id FROM c"), "20");
  EXPECT_EQ(column("SELECT code FROM g"), "null");
}

TEST_F(ForeignKeyRows, ADefaultThatARowHasAlreadyNeedsItsRow) {
  run("create table p(id int primary key)");
  run("create table c(id int primary key, p int default 2 references p on delete set default on update set default)");
  run("insert into p values (1), (2)");
  run("insert into c values (10, 1), (20, 2)");
  EXPECT_EQ(run("delete from p where id = 2"), "23503 Key (id)=(2) is still referenced from table \"c\".");
  EXPECT_EQ(run("update p set id = 3 where id = 2"), "23503 Key (id)=(2) is still referenced from table \"c\".");
  EXPECT_EQ(run("delete from p where id = 1"), "");
  EXPECT_EQ(column("SELECT p FROM c ORDER BY id"), "2 2");
}

TEST_F(ForeignKeyRows, TheIndexThatAKeyRefersToStays) {
  run("create table p(code text)");
  run("create unique index some on p(code) where code > 'a'");
  run("create unique index code on p(code)");
  run("create table c(code text references p(code))");
  const auto drop = [&](const std::string& sql) {
    KeyDefinitionResult result;
    const Plan plan = planned(sql, error);
    if (!define_foreign_keys(*handle, *plan.keys, result, error)) return error.sqlstate + " " + error.detail;
    return result.notices.empty() ? "" : result.notices[0].message;
  };
  EXPECT_EQ(drop("drop index some"), "");
  EXPECT_EQ(drop("drop index code"), "2BP01 constraint c_code_fkey on table c depends on index code");
  EXPECT_EQ(drop("drop index code cascade"), "drop cascades to constraint c_code_fkey on table c");
  EXPECT_TRUE(ForeignKeys::read(*handle).all().empty());
}

TEST_F(ForeignKeyRows, NoActionLooksAtTheStatementsEnd) {
  run("create table t(id int primary key, up int references t)");
  EXPECT_EQ(run("insert into t values (2, 1), (1, null)"), "");
  EXPECT_TRUE(locks.empty()) << "a row that nobody else can see needs no lock";
  EXPECT_EQ(run("delete from t where id = 1"), "23503 Key (id)=(1) is still referenced from table \"t\".");
  EXPECT_EQ(run("delete from t"), "");
}

TEST_F(ForeignKeyRows, DefinitionsAreJudgedByTheRowsAndTheTables) {
  run("create table p(id int primary key, plain int)");
  run("create table c(p int)");
  run("insert into c values (3)");
  EXPECT_EQ(run("alter table c add foreign key (p) references p"), "23503 Key (p)=(3) is not present in table \"p\".");
  EXPECT_EQ(run("alter table c add constraint k foreign key (p) references p not valid"), "");
  EXPECT_EQ(foreign_key_text(ForeignKeys::read(*handle).all().at(0)), "FOREIGN KEY (p) REFERENCES p(id) NOT VALID");
  EXPECT_EQ(run("alter table c validate constraint k"), "23503 Key (p)=(3) is not present in table \"p\".");
  EXPECT_EQ(run("alter table c add foreign key (p) references p(plain)"), "42830 ");
  EXPECT_EQ(run("alter table c add constraint k foreign key (p) references p"), "42710 ");
  EXPECT_EQ(run("create table d(a text references p)"), "42804 Key columns \"a\" and \"id\" are of incompatible types: text and integer.");
  EXPECT_EQ(run("create table d(a int references nowhere)"), "42P01 ");
  EXPECT_EQ(run("drop table p"), "2BP01 constraint k on table c depends on table p");
  EXPECT_EQ(run("truncate p"), "0A000 Table \"c\" references \"p\".");
  EXPECT_EQ(run("alter table c drop constraint k"), "");
  EXPECT_EQ(run("drop table p"), "");
}

}  // namespace
}  // namespace chaos::pg
