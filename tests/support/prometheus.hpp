// A real Prometheus for a test, and a client of its query API.
#pragma once

#include "support/lab.hpp"

namespace chaos::test {

/// What a query answered; `error` is empty when it was one.
struct QueryAnswer {
  std::string error;
  boost::json::value data;        // "data" of the answer
  /// The series of a vector or matrix; none for another kind of answer.
  boost::json::array series() const;
  /// Some sample of some series is a finite number.
  bool has_number() const;
};

/// Whoever speaks Prometheus' HTTP API: Prometheus itself, or the controller for the run's record.
class PrometheusApi {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  explicit PrometheusApi(std::string url) : url_(std::move(url)) {}
  const std::string& url() const { return url_; }
  QueryAnswer get(const std::string& path, const Parameters& parameters = {}) const;
  QueryAnswer query(const std::string& expression) const;
  /// The last `seconds` up to now.
  QueryAnswer query_range(const std::string& expression, int seconds, int step_s = 1) const;
  std::vector<std::string> label_values(const std::string& label, const std::string& selector = {}) const;

 private:
  std::string url_;
};

/// HOST:PORT of the HTTP side of a lab's controller.
std::string controller_http(const Lab& lab);

/// Where tools/unpack.sh puts the programs of packages that it does not install.
std::filesystem::path tools_bin();

/// Scrapes a lab each second: its controller, and every node that the controller's service discovery names. Ended with the object.
class Prometheus {
 public:
  /// rules: the text of a rule file; empty: none. Fails the test when Prometheus does not come up.
  Prometheus(const Lab& lab, const std::string& rules);
  const PrometheusApi& api() const { return api_; }
  const std::string& log_path() const { return log_; }

 private:
  TempDir dir_;
  std::string address_;
  std::string log_;
  PrometheusApi api_;
  std::unique_ptr<Child> child_;
};

}  // namespace chaos::test
