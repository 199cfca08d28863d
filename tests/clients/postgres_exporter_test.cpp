// prometheus-postgres-exporter against a lab under load: its figures are those that SQL tells, and rise with the load.
#include "support/compat.hpp"
#include "support/lab.hpp"
#include "support/needs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

namespace chaos::test {
namespace {

class Exporter {
 public:
  /// queries: a file of further queries, as docs of the exporter give it; empty: none.
  explicit Exporter(const std::string& host, const std::string& queries = "/dev/null")
      : host_(host), child_({"/usr/bin/env", "DATA_SOURCE_NAME=postgresql://postgres@" + host + ":5432/shop?sslmode=disable", tool("prometheus-postgres-exporter"),
                             "--web.listen-address=" + host + ":9187", "--extend.query-path=" + queries}, dir_.path() / "log") {}
  /// The value of a series, NaN when it is not there.
  double figure(const std::string& series) const {
    const std::string all = "\n" + sh("curl -s http://" + host_ + ":9187/metrics").out;
    const std::size_t at = all.find("\n" + series + " ");
    return at == std::string::npos ? std::nan("") : std::stod(all.substr(at + series.size() + 2));
  }
  /// Of the first series of that name with such a label.
  double figure_of(const std::string& name, const std::string& label) const {
    std::istringstream all(sh("curl -s http://" + host_ + ":9187/metrics").out);
    for (std::string line; std::getline(all, line);) {
      if (line.starts_with(name + "{") && line.find(label) != std::string::npos) return std::stod(line.substr(line.rfind(' ') + 1));
    }
    return std::nan("");
  }
  bool up() const {
    return eventually([this] { return figure("pg_up") == 1; });
  }
  std::string log() const {
    std::ifstream in(dir_.path() / "log");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

 private:
  TempDir dir_;
  std::string host_;
  Child child_;
};

// The query for replication that the exporter's own queries.yaml has.
constexpr const char* kReplication = R"(pg_replication:
  query: "SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0 ELSE GREATEST (0, EXTRACT(EPOCH FROM (now() - pg_last_xact_replay_timestamp()))) END AS lag"
  master: true
  metrics:
    - lag:
        usage: "GAUGE"
        description: "Replication lag behind master in seconds"
)";

TEST(PostgresExporter, TellsWhatTheLabsDatabaseDoes) {
  CHAOS_NEEDS(!tool("prometheus-postgres-exporter").empty(), "prometheus-postgres-exporter");
  compat("Clients", "prometheus-postgres-exporter", "pg_up, pg_stat_activity_count, pg_stat_database_*, pg_settings_*, pg_locks_count, pg_database_size_bytes, without a scrape error");
  compat("Clients", "prometheus-postgres-exporter", "pg_stat_replication_* of the primary, pg_replication_lag of the replica");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  ASSERT_TRUE(lab.ready("postgres-1") && lab.ready("replica-1"));
  const std::string host = lab.address("postgres-1");
  const auto psql = [&](const std::string& sql) { return sh("psql -h " + host + " -U postgres -d shop -XAtc \"" + sql + "\"").out; };
  TempDir dir;
  const std::string queries = (dir.path() / "queries.yaml").string();
  std::ofstream(queries) << kReplication;
  const Exporter primary(host), replica(lab.address("replica-1"), queries);
  ASSERT_TRUE(primary.up() && replica.up()) << primary.log();
  EXPECT_EQ(primary.figure("pg_exporter_last_scrape_error"), 0) << primary.log();
  EXPECT_EQ(replica.figure("pg_exporter_last_scrape_error"), 0) << replica.log();
  EXPECT_EQ(primary.log().find("level=error"), std::string::npos) << primary.log();

  const std::string of_shop = "{datid=\"16385\",datname=\"shop\",server=\"" + host + ":5432\"}";
  const double before = primary.figure("pg_stat_database_tup_inserted" + of_shop);
  EXPECT_TRUE(eventually([&] { return primary.figure("pg_stat_database_tup_inserted" + of_shop) >= before + 20; }));   // orders
  const double commits = primary.figure("pg_stat_database_xact_commit" + of_shop);
  EXPECT_GE(std::stod(psql("select xact_commit from pg_stat_database where datname = 'shop'")), commits);
  EXPECT_GT(commits, before);
  EXPECT_EQ(primary.figure("pg_settings_max_connections{server=\"" + host + ":5432\"}"), std::stod(psql("select setting from pg_settings where name = 'max_connections'")));
  EXPECT_EQ(primary.figure("pg_settings_statement_timeout_seconds{server=\"" + host + ":5432\"}"), 0);
  EXPECT_GT(primary.figure("pg_database_size_bytes{datname=\"shop\",server=\"" + host + ":5432\"}"), 8192);

  // Orders come all the time, so the newest that is applied is seconds old at most.
  const std::string lag = "pg_replication_lag{server=\"" + lab.address("replica-1") + ":5432\"}";
  EXPECT_TRUE(eventually([&] { return replica.figure(lag) >= 0 && replica.figure(lag) < 30; })) << replica.figure(lag) << replica.log();
  EXPECT_GE(primary.figure_of("pg_stat_replication_pg_wal_lsn_diff", "client_addr=\"" + lab.address("replica-1") + "\""), 0);

  // A session that is idle in its transaction is counted as such.
  const std::string idle = "pg_stat_activity_count{datname=\"shop\",server=\"" + host + ":5432\",state=\"idle in transaction\"}";
  const double others = primary.figure(idle);
  Child holder({"/bin/bash", "-c", "(echo 'begin; select 1;'; sleep 60) | psql -h " + host + " -U shop -d shop"}, dir.path() / "log");
  EXPECT_TRUE(eventually([&] { return primary.figure(idle) > others; })) << primary.figure(idle);
}

}  // namespace
}  // namespace chaos::test
