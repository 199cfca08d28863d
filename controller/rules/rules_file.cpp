#include "rules/rules_file.hpp"

#include "lab/burn_rate.hpp"
#include "rules/alert_spec.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace chaos::rules {

namespace {

constexpr const char* kOverview = "chaoslab-overview";
constexpr std::array kBuckets{0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.32, 0.5, 1.0, 2.0, 5.0};   // client/metrics.cpp

// The signal's value, as a template.
std::string now_text(const v1::Signal& signal) {
  const bool share = signal.of().ends_with("_ratio") || signal.of().ends_with("_rate");
  return share ? "{{ $value | humanizePercentage }} now" : "{{ $value | humanize }} now";
}

class Writer {
 public:
  Writer(const v1::Drill& drill, const RulesPlace& place) : drill_(drill), place_(place) {}

  std::string write() {
    out_ << YAML::BeginMap << YAML::Key << "groups" << YAML::Value << YAML::BeginSeq;
    group("contract", [this] { contract(); });
    group("drill", [this] { of_drill(); });
    group("symptoms", [this] {
      for (const AlertSpec& spec : symptom_alerts()) alert(spec);
    });
    out_ << YAML::EndSeq << YAML::EndMap;
    return fmt::format("# Made by chaosctl rules: drill {} at speed {} ({} lab seconds a real second). Another speed, another file.\n{}\n", drill_.name(),
                       place_.scale.speed, place_.scale.speed, out_.c_str());
  }

 private:
  template <typename F>
  void group(const char* name, F&& fill) {
    out_ << YAML::BeginMap << YAML::Key << "name" << YAML::Value << name << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
    fill();
    out_ << YAML::EndSeq << YAML::EndMap;
  }

  void contract() {
    static constexpr std::array kWindows{LabWindow{"3m", 180}, LabWindow{"5m", 300}, LabWindow{"15m", 900}, LabWindow{"30m", 1800}, LabWindow{"1h", 3600},
                                         LabWindow{"6h", 21600}};
    for (const Sli sli : kSlis) {
      for (const LabWindow& window : kWindows) record("contract:error_ratio:lab", error_ratio(sli, window), sli, window);
      for (const LabWindow& window : kWindows) {
        record("contract:burn_rate:lab", fmt::format("{} / {:g}", series("error_ratio", sli, window), allowed_errors(drill_.contract(), sli)), sli, window);
      }
      for (const BurnPolicy& policy : kBurnPolicies) burn_alert(sli, policy);
    }
  }

  std::string error_ratio(Sli sli, const LabWindow& window) const {
    const std::string range = prometheus_duration(real_range_s(window.lab_s, place_.scale));
    const bool by_outcome = sli == Sli::availability;
    const std::string good = by_outcome ? "client_requests_total{outcome=\"good\"}"
                                        : fmt::format("client_request_seconds_bucket{{le=\"{}\"}}", latency_bucket_s(drill_.contract().p95_ms_max()));
    const std::string all = by_outcome ? "client_requests_total" : "client_request_seconds_count";
    return fmt::format("1 - sum(rate({}[{}])) / (sum(rate({}[{}])) > 0)", good, range, all, range);
  }

  static std::string series(const char* what, Sli sli, const LabWindow& window) {
    return fmt::format("contract:{}:lab{{sli=\"{}\",window=\"{}\"}}", what, to_word(sli), window.name);
  }

  void record(const char* name, const std::string& expr, Sli sli, const LabWindow& window) {
    out_ << YAML::BeginMap << YAML::Key << "record" << YAML::Value << name << YAML::Key << "expr" << YAML::Value << expr << YAML::Key << "labels"
         << YAML::Value << YAML::BeginMap << YAML::Key << "sli" << YAML::Value << std::string(to_word(sli)) << YAML::Key << "window" << YAML::Value
         << std::string(window.name) << YAML::EndMap << YAML::EndMap;
  }

  void burn_alert(Sli sli, const BurnPolicy& policy) {
    AlertSpec spec;
    spec.name = alert_name(sli);
    spec.expr = fmt::format("{} > {:g} and on (sli) {} > {:g}", series("burn_rate", sli, policy.window), policy.factor,
                            series("burn_rate", sli, policy.still), policy.factor);
    spec.severity = policy.severity;
    spec.summary = alert_summary(sli);
    spec.description = fmt::format("over {} of lab time the budget burns {{{{ $value | humanize }}}} times as fast as the contract can bear (bound {:g}), and over the last {} too",
                                   policy.window.name, policy.factor, policy.still.name);
    spec.dashboard = kOverview;
    spec.keep_lab_s = policy.still.lab_s;
    spec.labels = {{"sli", std::string(to_word(sli))}, {"window", std::string(policy.window.name)}};
    alert(spec);
  }

  void of_drill() {
    alert({kWatchdog, "vector(1)", 0, "none", "alerts arrive", "always firing; the controller misses it when the way from Prometheus is broken", kOverview});
    for (const v1::AlertRule& rule : drill_.alerts()) {
      const auto expr = condition(rule.when());
      if (!expr) continue;
      AlertSpec spec{rule.name(), *expr, rule.when().for_lab_s(), rule.severity(), rule.summary(), now_text(rule.when()), "chaoslab-triage"};
      if (!rule.when().role().empty()) spec.labels = {{"role", rule.when().role()}};
      alert(spec);
    }
  }

  void alert(const AlertSpec& spec) {
    out_ << YAML::BeginMap << YAML::Key << "alert" << YAML::Value << spec.name;
    out_ << YAML::Key << "expr" << YAML::Value << in_real_time(spec.expr, place_.scale);
    if (spec.for_lab_s > 0) out_ << YAML::Key << "for" << YAML::Value << prometheus_duration(spec.for_lab_s / place_.scale.speed);
    if (spec.keep_lab_s > 0) out_ << YAML::Key << "keep_firing_for" << YAML::Value << prometheus_duration(real_range_s(spec.keep_lab_s, place_.scale));
    out_ << YAML::Key << "labels" << YAML::Value << YAML::BeginMap << YAML::Key << "severity" << YAML::Value << spec.severity;
    for (const auto& [name, value] : spec.labels) out_ << YAML::Key << name << YAML::Value << value;
    out_ << YAML::EndMap << YAML::Key << "annotations" << YAML::Value << YAML::BeginMap;
    annotate("summary", spec.summary);
    annotate("description", spec.description);
    if (!place_.grafana.empty()) annotate("dashboard_url", fmt::format("{}/d/{}", place_.grafana, spec.dashboard));
    annotate("runbook_url", fmt::format("{}/runbooks/{}", place_.web, spec.name));
    out_ << YAML::EndMap << YAML::EndMap;
  }

  void annotate(const char* name, const std::string& text) { out_ << YAML::Key << name << YAML::Value << text; }

  const v1::Drill& drill_;
  const RulesPlace& place_;
  YAML::Emitter out_;
};

}  // namespace

double latency_bucket_s(double p95_ms_max) {
  double best = kBuckets.front();
  for (const double bucket : kBuckets) {
    if (bucket <= p95_ms_max / 1000 + 1e-9) best = bucket;
  }
  return best;
}

std::string rules_file(const v1::Drill& drill, const RulesPlace& place) { return Writer(drill, place).write(); }

}  // namespace chaos::rules
