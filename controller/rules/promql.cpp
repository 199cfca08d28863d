#include "rules/promql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

namespace chaos::rules {

namespace {

constexpr double kScrapes = 4;

std::string value_of(const v1::Signal& signal) {
  const std::string role = fmt::format("{{job=\"nodes\",role=\"{}\"}}", signal.role());
  if (signal.of() == "memory_ratio") return fmt::format("max(process_resident_memory_bytes{0} / (node_memory_limit_bytes{0} > 0))", role);
  if (signal.of() == "nodes_ready_ratio") {
    return fmt::format("sum(lab_node_ready{{role=\"{0}\"}}) / count(lab_node_duty{{role=\"{0}\"}} > 0)", signal.role());
  }
  if (signal.of() == "success_rate") return "1 - contract:error_ratio:lab{sli=\"availability\",window=\"5m\"}";
  if (signal.of() == "p95_ms") return "1000 * histogram_quantile(0.95, sum by (le) (rate(client_request_seconds_bucket[lab:1])))";
  if (signal.of() == "queue_depth") return "sum(rabbitmq_queue_messages_ready)";
  return "";
}

}  // namespace

double real_range_s(double lab_s, const TimeScale& scale) { return std::max(lab_s / scale.speed, kScrapes * scale.scrape_s); }

std::string prometheus_duration(double s) {
  const auto ms = static_cast<std::int64_t>(std::llround(s * 1000));
  return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

std::string in_real_time(const std::string& expr, const TimeScale& scale) {
  static const std::regex range(R"(\[lab:([0-9.]+)(:[^\]]*)?\])");
  std::string out;
  auto from = expr.cbegin();
  for (std::sregex_iterator it(expr.begin(), expr.end(), range), end; it != end; ++it) {
    const std::smatch& found = *it;
    out.append(from, found[0].first);
    out += "[" + prometheus_duration(real_range_s(std::stod(found[1]), scale)) + found[2].str() + "]";
    from = found[0].second;
  }
  return out.append(from, expr.cend());
}

std::optional<std::string> condition(const v1::Signal& signal) {
  const std::string value = value_of(signal);
  if (value.empty()) return std::nullopt;
  const auto bound = [&](const char* sign, double at) { return fmt::format("{} {} {}", value, sign, at); };
  if (signal.has_above()) return bound(">", signal.above());
  if (signal.has_below()) return bound("<", signal.below());
  return std::nullopt;
}

}  // namespace chaos::rules
