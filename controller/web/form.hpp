// Parameters of a request to Prometheus' HTTP API (prometheus.io/docs/prometheus/latest/querying/api). Pure.
#pragma once

#include "runtime/http.hpp"
#include "web/selector.hpp"

#include <cstdint>
#include <optional>

namespace chaos::web {

inline constexpr std::int64_t kMaxPoints = 11'000;        // of a range query, as Prometheus' own
inline constexpr std::size_t kMaxParameters = 64;

/// The fields of the query and of a form-encoded body, in order.
class Form {
 public:
  static Parsed<Form> of(const HttpRequest& request);

  /// The first of that name; empty: none.
  const std::string& get(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// Unix seconds with a fraction, or RFC 3339; in milliseconds, far ends clamped to the years 0 to 9999.
Parsed<std::int64_t> parse_time(std::string_view name, std::string_view text);
/// Seconds with a fraction, or Prometheus' durations: "15s", "1h30m", "500ms"; in milliseconds.
Parsed<std::int64_t> parse_duration(std::string_view name, std::string_view text);

struct TimeRange {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
};

/// start and end; what is not given is `otherwise`'s.
Parsed<TimeRange> time_range(const Form& form, TimeRange otherwise);

/// The steps of a range query: from_ms, from_ms + step_ms, ... to to_ms.
struct Grid {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
  std::int64_t step_ms = 1;

  /// The first step at or after `at_ms`; none when it is before the grid's reach (more than a step before its start)
  /// or after its last step.
  std::optional<std::int64_t> step_at(std::int64_t at_ms) const;
};

Parsed<Grid> grid_of(const Form& form);

/// A sum of numbers, "1+1": what Grafana asks to see whether a data source lives; none: it is not one.
std::optional<double> parse_sum(std::string_view text);

}  // namespace chaos::web
