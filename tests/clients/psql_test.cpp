// psql against a lab under load: what it shows can only come from live traffic.
#include "support/compat.hpp"
#include "support/gauge.hpp"
#include "support/lab.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

class Psql : public testing::Test {
 protected:
  Psql() : lab(test_drill("steady"), "--speed 60") {}
  std::string ask(const std::string& sql, const std::string& node = "postgres-1") const {
    std::string out = sh("psql -X -h " + lab.address(node) + " -U shop shop -At -c \"" + sql + "\"").out;
    while (out.ends_with('\n')) out.pop_back();
    return out;
  }
  Lab lab;
};

TEST_F(Psql, SeesOrdersArriveAndTheirAges) {
  compat("Clients", "psql", "queries on the shop's tables under load: intervals, booleans, grouping, EXPLAIN");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return std::atoll(ask("select count(*) from orders").c_str()) > 20; }, std::chrono::seconds(60)));
  const long long before = std::atoll(ask("select max(id) from orders").c_str());
  EXPECT_TRUE(eventually([&] { return std::atoll(ask("select max(id) from orders").c_str()) > before; }));
  EXPECT_EQ(ask("select bool_and(now() - created_at < interval '10 minutes'), max(created_at) > now() - interval '1 minute', count(*) filter (where state = 'done') > 0 from orders"), "t|t|t");
  EXPECT_EQ(ask("select count(distinct item_id) > 1, extract(epoch from max(created_at) - min(created_at)) > 0 from orders"), "t|t");
  EXPECT_NE(ask("select string_agg(distinct state, ',') from orders").find("done"), std::string::npos);
  EXPECT_NE(ask("explain select * from orders where item_id = 7 order by created_at desc limit 5").find("Seq Scan on orders"), std::string::npos);
  EXPECT_NE(ask("explain select * from orders where id = 7").find("Index Scan using orders_pkey on orders"), std::string::npos);
}

}  // namespace
}  // namespace chaos::test
