// Foreign keys as psql and psycopg2 see them: what is refused, what goes along, what \d says of it, and that a replica follows.
#include "protocol/postgres_client.hpp"

#include <csignal>

namespace chaos::test {
namespace {

constexpr const char* kSection = "Foreign keys";

class PostgresForeignKeys : public PostgresNode {};

TEST_F(PostgresForeignKeys, CopyChecksAsItGoes) {
  compat("PostgreSQL", kSection, "COPY FROM into a table with foreign keys", Compat::differs, "checked each 200 rows, not at its end: a row that refers to one further on is refused (23503)");
  const auto copied = [&](int rows) {      // each row refers to its mirror image
    std::string text = "copy chain from stdin;\n";
    for (int i = 1; i <= rows; ++i) text += std::to_string(i) + "\t" + std::to_string(rows + 1 - i) + "\n";
    return psql(text + "\\.\nselect count(*) from chain; truncate chain;");
  };
  psql("create table chain(id int primary key, up int references chain(id));");
  EXPECT_TRUE(has(copied(100), "100\n"));
  const std::string refused = copied(500);
  EXPECT_TRUE(has(refused, "violates foreign key constraint \"chain_up_fkey\"")) << refused;
  EXPECT_TRUE(has(refused, "\n0\n")) << "nothing of it stays: " << refused;
}

TEST_F(PostgresForeignKeys, AreEnforcedWithTheirNameAndTheirKey) {
  compat("PostgreSQL", "Errors", "23503 with constraint, table and the key in DETAIL");
  compat("PostgreSQL", kSection, "REFERENCES and FOREIGN KEY in CREATE TABLE and ALTER TABLE ADD [COLUMN | CONSTRAINT], several columns, MATCH SIMPLE");
  const std::string out = psql("create table shelf(id int primary key, room text, place int, unique (room, place));"
                               "create table book(id int primary key, shelf_id int references shelf, room text, place int, constraint standing foreign key (room, place) references shelf(room, place));"
                               "insert into shelf values (1, 'north', 4), (2, 'south', 5); insert into book values (1, 9); insert into book values (1, 1, 'north', 5); insert into book values (1, 1, 'north', 4);"
                               "update book set shelf_id = 7; delete from shelf where id = 2; delete from shelf; update shelf set room = 'east'; insert into book(id, room) values (2, 'nowhere');"
                               "alter table book add column other int default 3 references shelf; alter table book add column other int references shelf; update book set other = 8 where id = 2;");
  for (const char* part : {"23503: insert or update on table \"book\" violates foreign key constraint \"book_shelf_id_fkey\"", "DETAIL:  Key (shelf_id)=(9) is not present in table \"shelf\".",
                           "DETAIL:  Key (room, place)=(north, 5) is not present in table \"shelf\".", "DETAIL:  Key (shelf_id)=(7) is not present in table \"shelf\".", "DELETE 1\n",
                           "23503: update or delete on table \"shelf\" violates foreign key constraint \"book_shelf_id_fkey\" on table \"book\"", "DETAIL:  Key (id)=(1) is still referenced from table \"book\".",
                           "violates foreign key constraint \"standing\" on table \"book\"", "DETAIL:  Key (room, place)=(north, 4) is still referenced", "CONSTRAINT NAME:  standing", "TABLE NAME:  book",
                           "DETAIL:  Key (other)=(3) is not present", "DETAIL:  Key (other)=(8) is not present"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
  EXPECT_EQ(ask("select id, shelf_id, room, place, other from book order by id"), "1|1|north|4|\n2||nowhere||");
}

TEST_F(PostgresForeignKeys, ActionsOfDeleteAndUpdate) {
  compat("PostgreSQL", kSection, "ON DELETE and ON UPDATE: NO ACTION, RESTRICT, CASCADE, SET NULL, SET DEFAULT");
  psql("create table p(id int primary key, code text unique); create table c(id int primary key, p int references p on delete cascade on update cascade);"
       "create table g(c int references c on delete cascade, code text references p(code) on delete set null on update set null, d int default 2 references p on delete set default);"
       "insert into p values (1, 'a'), (2, 'b'), (3, 'c'); insert into c values (10, 1), (20, 2); insert into g values (10, 'b', 3), (20, 'a', 3);");
  EXPECT_EQ(ask("update p set id = 5 where id = 1; select * from c order by id"), "UPDATE 1\n10|5\n20|2");
  EXPECT_EQ(ask("update p set code = 'z' where code = 'b'; select * from g order by c"), "UPDATE 1\n10||3\n20|a|3");
  EXPECT_EQ(ask("delete from p where id in (3, 5); select * from g; select * from c"), "DELETE 2\n20||2\n20|2");
  EXPECT_EQ(ask("begin; delete from g; delete from p; rollback; select count(*) from c"), "BEGIN\nDELETE 1\nDELETE 1\nROLLBACK\n1");
}

TEST_F(PostgresForeignKeys, DefinitionsThatCannotBe) {
  compat("PostgreSQL", kSection, "42830, 42804, 42703, 42704, 42710 of a definition that cannot be, NOT VALID, VALIDATE, RENAME and DROP CONSTRAINT");
  compat("PostgreSQL", kSection, "DROP TABLE and DROP COLUMN of what is referred to (2BP01, CASCADE with its NOTICE), TRUNCATE (0A000, CASCADE)");
  compat("PostgreSQL", kSection, "DEFERRABLE, MATCH FULL over several columns, ON DELETE SET NULL (columns)", Compat::refused, "0A000; MATCH PARTIAL as in PostgreSQL");
  const std::string out = psql("create table p(id int primary key, plain int); create table c(p int); insert into c values (7); insert into p values (1);"
                               "alter table c add foreign key (p) references p; alter table c add constraint k foreign key (p) references p not valid; alter table c validate constraint k;"
                               "alter table c add foreign key (p) references p(plain); alter table c add foreign key (q) references p; alter table c add constraint k foreign key (p) references p;"
                               "create table t(a text references p); create table t(a int references c); create table t(a int references p deferrable);"
                               "truncate p; truncate p cascade; drop table p; alter table p drop column id;"
                               "alter table c rename constraint k to l; alter table c drop constraint k; alter table p rename to q; alter table q rename column id to number; insert into c values (1);"
                               "drop table q cascade; insert into c values (1); alter table c drop constraint if exists l;");
  for (const char* part : {"DETAIL:  Key (p)=(7) is not present in table \"p\".", "42830: there is no unique constraint matching given keys for referenced table \"p\"",
                           "42703: column \"q\" referenced in foreign key constraint does not exist", "42710: constraint \"k\" for relation \"c\" already exists",
                           "42804: foreign key constraint \"t_a_fkey\" cannot be implemented", "42704: there is no primary key for referenced table \"c\"", "0A000: DEFERRABLE is not supported for foreign keys",
                           "0A000: cannot truncate a table referenced in a foreign key constraint", "NOTICE:  00000: truncate cascades to table \"c\"", "2BP01: cannot drop table p because other objects depend on it",
                           "DETAIL:  constraint k on table c depends on table p", "2BP01: cannot drop column id of table p because other objects depend on it",
                           "42704: constraint \"k\" of relation \"c\" does not exist", "DETAIL:  Key (p)=(1) is not present in table \"q\".", "NOTICE:  00000: drop cascades to constraint l on table c",
                           "DROP TABLE\nINSERT 0 1\n", "NOTICE:  00000: constraint \"l\" of relation \"c\" does not exist, skipping"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST_F(PostgresForeignKeys, AreShownByPsql) {
  compat("PostgreSQL", kSection, "\\d TABLE: Foreign-key constraints, Referenced by; pg_constraint, pg_get_constraintdef", Compat::differs, "pg_trigger does not list the constraints' own triggers");
  psql("create table p(id int primary key); create table c(id int primary key, p int references p on update cascade on delete set null, q int, constraint odd foreign key (q) references p not valid);");
  const std::string child = psql("\\d c", ""), parent = psql("\\d p", "");
  EXPECT_TRUE(has(child, "Foreign-key constraints:\n    \"c_p_fkey\" FOREIGN KEY (p) REFERENCES p(id) ON UPDATE CASCADE ON DELETE SET NULL\n    \"odd\" FOREIGN KEY (q) REFERENCES p(id) NOT VALID\n")) << child;
  EXPECT_TRUE(has(parent, "Referenced by:\n    TABLE \"c\" CONSTRAINT \"c_p_fkey\" FOREIGN KEY (p) REFERENCES p(id) ON UPDATE CASCADE ON DELETE SET NULL\n    TABLE \"c\" CONSTRAINT \"odd\"")) << parent;
  EXPECT_EQ(ask("select conname, conrelid::regclass, confrelid::regclass, conindid::regclass, conkey, confkey, confupdtype, confdeltype, convalidated from pg_constraint where contype = 'f' order by 1"),
            "c_p_fkey|c|p|p_pkey|{2}|{1}|c|n|t\nodd|c|p|p_pkey|{3}|{1}|a|a|f");
}

TEST_F(PostgresForeignKeys, SessionsThatMeetAtAKeyWait) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  compat("PostgreSQL", kSection, "a row that an open transaction refers to cannot be deleted, nor one being deleted be referred to, until that ends");
  const Output output = sh("/usr/bin/python3 " CHAOSLAB_SOURCE_DIR "/tests/support/postgres_key_sessions.py " + node.address(), 60);
  EXPECT_EQ(output.out, "ok\n") << node.log();
}

TEST_F(PostgresForeignKeys, GoWithWhatIsTakenBackOrDropped) {
  psql("create table p(id int primary key, code text); create unique index code on p(code); create table c(p int); create table d(code text references p(code)); insert into p values (1, 'a');");
  EXPECT_EQ(ask("begin; savepoint s; alter table c add foreign key (p) references p; insert into c values (1); rollback to s; insert into c values (9); commit; select p from c"),
            "BEGIN\nSAVEPOINT\nALTER TABLE\nINSERT 0 1\nROLLBACK\nINSERT 0 1\nCOMMIT\n9");
  const std::string out = psql("drop index code; insert into d values ('z'); drop index code cascade; insert into d values ('z');");
  for (const char* part : {"2BP01: cannot drop index code because other objects depend on it", "DETAIL:  constraint d_code_fkey on table d depends on index code", "is not present in table \"p\"",
                           "NOTICE:  00000: drop cascades to constraint d_code_fkey on table d", "DROP INDEX\nINSERT 0 1\n"}) {
    EXPECT_TRUE(has(out, part)) << part << "\n" << out;
  }
}

TEST_F(PostgresForeignKeys, AReplicaFollowsAndKeepsThemAsAPrimary) {
  compat("PostgreSQL", kSection, "a replica applies what the primary has checked, and checks itself once it is promoted");
  LoneNode replica("replica", 5432, R"({"peers":[{"name":"primary","role":"postgres","address":")" + node.address() + R"(","duty":"DUTY_ACTIVE"}]})");
  const auto there = [&](const std::string& sql) { return sh("psql -X -h " + replica.address() + " -U postgres shop -A -f " + file("there.sql", sql)).out; };
  psql("create table p(id int primary key); create table c(id int primary key, p int references p on delete cascade); insert into p values (1), (2); insert into c values (1, 1), (2, 2); delete from p where id = 1;");
  ASSERT_TRUE(eventually([&] { return has(there("select id from c"), "id\n2\n(1 row)"); })) << there("select id from c");
  EXPECT_TRUE(has(there("\\d c"), "c_p_fkey")) << there("\\d c");
  node.process().signal(SIGKILL);
  EXPECT_TRUE(has(there("select pg_promote()"), "t\n"));
  EXPECT_TRUE(has(there("insert into c values (3, 1)"), "is not present in table \"p\"")) << there("\\d c");
  EXPECT_EQ(there("delete from p; select count(*) from c"), "DELETE 1\ncount\n0\n(1 row)\n");
}

}  // namespace
}  // namespace chaos::test
