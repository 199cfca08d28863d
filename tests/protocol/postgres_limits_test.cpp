// How many sessions there may be, and for whom the last ones are kept.
#include "support/compat.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

class PostgresLimits : public testing::Test {
 protected:
  PostgresLimits() : node("postgres", 5432, R"({"config":{"postgres":{"items":10,"max_connections":6}}})") {}
  std::string psql(const std::string& user, const std::string& sql) const {
    return sh("psql -h " + node.address() + " -U " + user + " -At -c \"" + sql + "\" shop 2>&1").out;
  }
  std::unique_ptr<Child> session(const std::string& user) const {
    return std::make_unique<Child>(std::vector<std::string>{"/bin/bash", "-c", "exec psql -h " + node.address() + " -U " + user + " -c 'select pg_sleep(100)' shop"}, node.data() / "session.log");
  }
  bool sessions(const std::string& user, const std::string& wanted) const {
    return eventually([&] { return psql("postgres", "select count(*) from pg_stat_activity where usename = '" + user + "' and pid <> pg_backend_pid()") == wanted + "\n"; });
  }
  LoneNode node;
};

TEST_F(PostgresLimits, TheLastThreeAreForTheSuperuserAndTheApplicationIsToldSo) {
  compat("PostgreSQL", "Connections", "max_connections and superuser_reserved_connections (53300), postgres alone being a superuser");
  std::vector<std::unique_ptr<Child>> open;
  for (int i = 0; i < 3; ++i) open.push_back(session("shop"));
  ASSERT_TRUE(sessions("shop", "3"));
  EXPECT_NE(psql("shop", "select 1").find("FATAL:  remaining connection slots are reserved for non-replication superuser connections"), std::string::npos);
  EXPECT_EQ(psql("postgres", "show superuser_reserved_connections"), "3\n");
  for (int i = 0; i < 2; ++i) open.push_back(session("postgres"));
  ASSERT_TRUE(sessions("postgres", "2"));
  open.push_back(session("postgres"));
  for (const char* user : {"postgres", "shop"}) {
    EXPECT_TRUE(eventually([&] { return psql(user, "select 1").find("FATAL:  sorry, too many clients already") != std::string::npos; })) << user;
  }
}

TEST(PostgresWork, AStatementTimeoutStrikesInTheEmulatedWorkToo) {
  const LoneNode node("postgres", 5432, R"({"config":{"postgres":{"items":10,"station":{"slots":4,"service_ms":3000,"service_cv":0}}}})");
  const std::string out = sh("psql -h " + node.address() + " -U shop -At -v VERBOSITY=verbose -c \"set statement_timeout = '50ms'\" -c 'select 1' shop").out;
  EXPECT_NE(out.find("57014: canceling statement due to statement timeout"), std::string::npos) << out;
}

}  // namespace
}  // namespace chaos::test
