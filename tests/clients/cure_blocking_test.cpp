// A cure by the operator's own tools: psql, curl. A session holds a table that orders need; users feel it; pg_blocking_pids names it;
// pg_terminate_backend ends it.
#include "support/compat.hpp"
#include "support/lab.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace chaos::test {
namespace {

// Orders of all users so far, from the generator's /metrics by curl.
struct Orders {
  double good = 0;
  double all = 0;
};

Orders orders(const Lab& lab) {
  std::istringstream lines(sh("curl -s http://" + lab.address("client-1") + ":9100/metrics | grep '^client_requests_total.*kind=\"order\"'").out);
  Orders out;
  for (std::string line; std::getline(lines, line);) {
    const double count = std::atof(line.substr(line.rfind(' ')).c_str());
    out.all += count;
    if (line.find("outcome=\"good\"") != std::string::npos) out.good += count;
  }
  return out;
}

// The share of good ones among the orders that come from now on, once `many` have come; NaN when they never do.
double share_of_next(const Lab& lab, double many) {
  const Orders before = orders(lab);
  Orders now;
  const bool came = eventually([&] { now = orders(lab); return now.all - before.all >= many; }, std::chrono::seconds(30));
  return came ? (now.good - before.good) / (now.all - before.all) : std::nan("");
}

std::string psql(const Lab& lab, const std::string& sql) {
  return sh("psql -h " + lab.address("postgres-1") + " -U postgres shop -At -c \"" + sql + "\"").out;
}

constexpr const char* kBlockers = "select distinct b.pid, b.application_name, b.state from pg_stat_activity w, pg_stat_activity b "
                                  "where b.pid = any(pg_blocking_pids(w.pid)) and b.state like 'idle in transaction%'";

TEST(CureBlocking, TheBlockerIsFoundAndEndedByPsqlAndOrdersWorkAgain) {
  compat("Clients", "psql", "the blocking session of a live incident found with pg_blocking_pids and ended with pg_terminate_backend");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(eventually([&] { return share_of_next(lab, 10) > 0.95; }, std::chrono::seconds(40)));

  // A terminal that stays open: psql reads from a pipe that nobody closes.
  const std::string pipe = (lab.data() / "terminal").string();
  const Child blocker({"/bin/bash", "-c", "mkfifo " + pipe + "; exec 0<>" + pipe + "; echo 'begin; lock table orders in share mode;' >&0; PGAPPNAME=nightly exec psql -h " +
                                              lab.address("postgres-1") + " -U shop shop"}, lab.data() / "blocker.log");
  ASSERT_TRUE(eventually([&] { return psql(lab, kBlockers).find("|nightly|idle in transaction") != std::string::npos; })) << psql(lab, kBlockers);
  EXPECT_LT(share_of_next(lab, 20), 0.3);
  EXPECT_NE(psql(lab, "select wait_event_type, wait_event from pg_stat_activity where wait_event_type = 'Lock' limit 1").find("Lock|relation"), std::string::npos);

  const std::string found = psql(lab, kBlockers);
  EXPECT_EQ(found.find('\n'), found.size() - 1) << found;      // one blocker, however many wait
  EXPECT_EQ(psql(lab, "select pg_terminate_backend(" + found.substr(0, found.find('|')) + ")"), "t\n");
  EXPECT_TRUE(eventually([&] { return psql(lab, kBlockers).empty(); }));
  EXPECT_TRUE(eventually([&] { return share_of_next(lab, 20) > 0.95; }, std::chrono::seconds(40)));
}

}  // namespace
}  // namespace chaos::test
