// A load balancer alone, with servers behind it that do as a test says, and its operator's tools.
#pragma once

#include "support/process.hpp"

#include <map>

namespace chaos::test {

class LbBench {
 public:
  /// config: the fields of LbConfig as JSON, beside quick checks. Returns when every server is up.
  explicit LbBench(int servers, const std::string& config = {});

  /// curl through the load balancer: the whole answer with its head.
  Output get(const std::string& path, const std::string& options = {}) const;
  /// Its status alone.
  std::string status_of(const std::string& path, const std::string& options = {}) const;
  /// A line to the runtime API's port; its answer without the empty line at its end.
  std::string cli(const std::string& line) const;
  std::string stats(const std::string& path = "/;csv") const;
  /// One figure of the CSV: figure("server-1", "scur"), figure("FRONTEND", "req_tot"), of the proxies fe and be.
  std::string figure(const std::string& name, const std::string& column) const;
  double number(const std::string& name, const std::string& column) const;
  bool becomes(const std::string& name, const std::string& column, const std::string& value) const;
  /// What /readyz of server n (from 1) answers from now on.
  void readiness(int n, const std::string& what) const;
  /// What the agent of server n on port 7777 answers from now on, with its line's end.
  void agent(int n, const std::string& text) const;
  void end_servers() { servers_.reset(); }
  /// In the place of server n, of servers that were ended: its port is open, and never answers a connection.
  void stick(int n);
  const std::string& address() const { return lb_->address(); }
  const std::string& server(int n) const { return addresses_[static_cast<std::size_t>(n - 1)]; }
  std::filesystem::path socket() const { return lb_->data() / "data" / "haproxy.sock"; }

 private:
  TempDir dir_;
  std::vector<std::string> addresses_;
  std::unique_ptr<Child> servers_;
  std::unique_ptr<Child> stuck_;
  std::unique_ptr<LoneNode> lb_;
};

/// Rows of HAProxy's CSV by pxname/svname, values by column.
std::map<std::string, std::map<std::string, std::string>> csv_rows(const std::string& csv);

}  // namespace chaos::test
