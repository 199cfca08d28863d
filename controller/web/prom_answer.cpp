#include "web/prom_answer.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdlib>

namespace chaos::web {

namespace json = boost::json;

namespace {

constexpr std::string_view kCut = "only the newest events are here, not all that match: narrow the time range or the selector";

// As Prometheus writes it: its own clients take no exponent.
std::string seconds(std::int64_t ms) {
  const std::int64_t whole = ms < 0 ? -((-ms) / 1000) : ms / 1000;
  const std::int64_t rest = std::abs(ms % 1000);
  if (rest == 0) return fmt::format("{}", whole);
  return fmt::format("{}{}.{:03}", ms < 0 && whole == 0 ? "-" : "", whole, rest);
}

std::string sample(std::int64_t at_ms, std::string_view value) { return fmt::format("[{},\"{}\"]", seconds(at_ms), value); }

json::object metric(const Labels& labels) {
  json::object out;
  for (const auto& [name, value] : labels) out.emplace(name, value);
  return out;
}

std::string success(std::string_view data, bool cut = false) {
  const std::string warnings = cut ? ",\"warnings\":" + json::serialize(json::array{kCut}) : std::string{};
  return fmt::format("{{\"status\":\"success\",\"data\":{}{}}}", data, warnings);
}

// A list of JSON values.
class List {
 public:
  void add(std::string_view value) {
    if (text_.size() > 1) text_ += ',';
    text_ += value;
  }
  bool empty() const { return text_.size() == 1; }
  std::string text() const { return text_ + "]"; }

 private:
  std::string text_ = "[";
};

std::string result(std::string_view type, std::string_view list, bool cut = false) {
  return success(fmt::format("{{\"resultType\":\"{}\",\"result\":{}}}", type, list), cut);
}

std::string series(const Labels& labels, std::string_view values) { return fmt::format("{{\"metric\":{},\"values\":{}}}", json::serialize(metric(labels)), values); }

List steps(const Grid& grid, const TimeRange& span, std::string_view value) {
  List out;
  for (auto at = grid.step_at(std::max(span.from_ms, grid.from_ms)); at && *at <= std::min(span.to_ms, grid.to_ms); *at += grid.step_ms) out.add(sample(*at, value));
  return out;
}

}  // namespace

std::string matrix_answer(const Slice& slice, const Grid& grid) {
  List out;
  for (const Slice::One& event : slice.events) {
    const auto at = grid.step_at(event.from_ms);
    if (at) out.add(series(event.labels, "[" + sample(*at, std::to_string(event.from_ms)) + "]"));
  }
  for (const Slice::One& run : slice.runs) {
    const List values = steps(grid, {run.from_ms, run.to_ms}, "1");
    if (!values.empty()) out.add(series(run.labels, values.text()));
  }
  return result("matrix", out.text(), slice.cut);
}

std::string vector_answer(const Slice& slice, std::int64_t at_ms) {
  List out;
  const auto add = [&](const Labels& labels, const std::string& value) {
    out.add(fmt::format("{{\"metric\":{},\"value\":{}}}", json::serialize(metric(labels)), sample(at_ms, value)));
  };
  for (const Slice::One& event : slice.events) {
    if (event.from_ms <= at_ms && event.from_ms > at_ms - kLookBackMs) add(event.labels, std::to_string(event.from_ms));
  }
  for (const Slice::One& run : slice.runs) add(run.labels, "1");
  return result("vector", out.text(), slice.cut);
}

std::string scalar_answer(double value, std::int64_t at_ms) { return result("scalar", sample(at_ms, fmt::format("{}", value))); }

std::string scalar_answer(double value, const Grid& grid) {
  List out;
  out.add(series({}, steps(grid, {grid.from_ms, grid.to_ms}, fmt::format("{}", value)).text()));
  return result("matrix", out.text());
}

std::string series_answer(const Slice& slice) {
  List out;
  for (const auto* list : {&slice.events, &slice.runs}) {
    for (const Slice::One& one : *list) out.add(json::serialize(metric(one.labels)));
  }
  return success(out.text(), slice.cut);
}

std::string list_answer(const std::vector<std::string>& list, bool cut) { return success(json::serialize(json::array(list.begin(), list.end())), cut); }

std::string build_answer(std::string_view version) {
  return success(json::serialize(json::object{{"version", version}, {"revision", ""}, {"branch", ""}, {"buildUser", ""}, {"buildDate", ""}, {"goVersion", ""}}));
}

std::string metadata_answer() {
  const auto gauge = [](std::string_view help) { return json::array{json::object{{"type", "gauge"}, {"help", help}, {"unit", ""}}}; };
  return success(json::serialize(json::object{{kEvents, gauge("What happened in a run, a series an event; the value is when, in Unix milliseconds.")},
                                              {kRuns, gauge("The runs of this data directory; 1 while one went on.")}}));
}

HttpResponse bad_data(const BadData& what) { return failure(400, "bad_data", what.text); }

HttpResponse failure(unsigned status, std::string_view type, std::string_view text) {
  return json_response(status, json::serialize(json::object{{"status", "error"}, {"errorType", type}, {"error", text}}));
}

}  // namespace chaos::web
