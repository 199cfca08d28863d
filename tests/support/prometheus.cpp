#include "support/prometheus.hpp"

#include "support/test_node.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <ctime>
#include <fstream>

namespace chaos::test {

namespace json = boost::json;

namespace {

bool finite(const json::value& sample) {
  const std::string text(sample.at(1).as_string());
  return std::isfinite(std::strtod(text.c_str(), nullptr));      // "NaN" and "+Inf" are Prometheus' own words for the others
}

QueryAnswer answer_of(const std::string& body) {
  boost::system::error_code ec;
  const json::value answer = json::parse(body, ec);
  if (ec || !answer.is_object() || !answer.as_object().contains("status")) return {"no answer of the query API: " + body.substr(0, 200), nullptr};
  if (answer.at("status").as_string() != "success") return {std::string(answer.at("error").as_string()), nullptr};
  return {{}, answer.at("data")};
}

std::string config(const Lab& lab, const std::string& own, bool rules) {
  const std::string controller = controller_http(lab);
  return "global: {scrape_interval: 1s, evaluation_interval: 1s}\n" + std::string(rules ? "rule_files: [rules.yml]\n" : "") +
         "scrape_configs:\n"
         "  - {job_name: controller, static_configs: [{targets: ['" + controller + "']}]}\n"
         "  - {job_name: nodes, http_sd_configs: [{url: 'http://" + controller + "/sd', refresh_interval: 1s}]}\n"
         "  - {job_name: prometheus, static_configs: [{targets: ['" + own + "']}]}\n";
}

}  // namespace

json::array QueryAnswer::series() const {
  const auto* object = data.if_object();
  const auto* result = object ? object->if_contains("result") : nullptr;
  return result && result->is_array() ? result->as_array() : json::array{};
}

bool QueryAnswer::has_number() const {
  for (const json::value& one : series()) {
    const auto& fields = one.as_object();
    if (fields.contains("value") && finite(fields.at("value"))) return true;
    if (!fields.contains("values")) continue;
    for (const json::value& sample : fields.at("values").as_array()) {
      if (finite(sample)) return true;
    }
  }
  return false;
}

QueryAnswer PrometheusApi::get(const std::string& path, const Parameters& parameters) const {
  const TempDir dir;                       // expressions hold every kind of quote: curl reads them from files
  std::string arguments;
  int n = 0;
  for (const auto& [name, value] : parameters) {
    const std::string file = (dir.path() / std::to_string(n++)).string();
    std::ofstream(file) << value;
    arguments += " --data-urlencode '" + name + "@" + file + "'";
  }
  const Output output = sh("curl -sG -m 10 --noproxy '*'" + arguments + " '" + url_ + path + "'", 15);
  if (output.exit != 0) return {"curl " + url_ + path + " ended with " + std::to_string(output.exit), nullptr};
  return answer_of(output.out);
}

QueryAnswer PrometheusApi::query(const std::string& expression) const { return get("/api/v1/query", {{"query", expression}}); }

QueryAnswer PrometheusApi::query_range(const std::string& expression, int seconds, int step_s) const {
  const auto now = static_cast<long>(std::time(nullptr));
  return get("/api/v1/query_range", {{"query", expression}, {"start", std::to_string(now - seconds)}, {"end", std::to_string(now)}, {"step", std::to_string(step_s)}});
}

std::vector<std::string> PrometheusApi::label_values(const std::string& label, const std::string& selector) const {
  const Parameters match = selector.empty() ? Parameters{} : Parameters{{"match[]", selector}};
  const QueryAnswer answer = get("/api/v1/label/" + label + "/values", match);
  std::vector<std::string> values;
  if (!answer.data.is_array()) return values;
  for (const json::value& value : answer.data.as_array()) values.emplace_back(value.as_string());
  return values;
}

std::string controller_http(const Lab& lab) {
  std::ifstream in(lab.data() / "lab.json");
  const json::value file = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  return std::string(file.at("http").as_string());
}

std::filesystem::path tools_bin() { return std::string(CHAOSLAB_SOURCE_DIR) + "/build/tools/usr/bin"; }

Prometheus::Prometheus(const Lab& lab, const std::string& rules)
    : address_(TestNode::fresh_address() + ":9090"), log_((dir_.path() / "log").string()), api_("http://" + address_) {
  const std::string program = (tools_bin() / "prometheus").string();
  if (!std::filesystem::exists(program)) {
    ADD_FAILURE() << program << " is missing: tools/unpack.sh prometheus";
    return;
  }
  if (!rules.empty()) std::ofstream(dir_.path() / "rules.yml") << rules;
  const std::string file = (dir_.path() / "prometheus.yml").string();
  std::ofstream(file) << config(lab, address_, !rules.empty());
  child_ = std::make_unique<Child>(std::vector<std::string>{program, "--config.file=" + file, "--storage.tsdb.path=" + (dir_.path() / "data").string(),
                                                            "--web.listen-address=" + address_},
                                   log_);
  const bool up = eventually([this] { return api_.query("vector(1)").has_number(); });
  if (!up) ADD_FAILURE() << "Prometheus does not come up: " << sh("tail -n 20 " + log_).out;
}

}  // namespace chaos::test
