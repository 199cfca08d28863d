#include "web/form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

namespace chaos::web {

namespace {

constexpr double kFirstS = -62'167'219'200;      // of the year 0
constexpr double kLastS = 253'402'300'799;       // of the year 9999
constexpr double kLongestS = 315'360'000'000;

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::string> field(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

Parsed<void> add_fields(std::string_view text, std::vector<std::pair<std::string, std::string>>& out) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (out.size() >= kMaxParameters) return BadData{fmt::format("more than {} parameters", kMaxParameters)};
    const auto mark = std::min(pair.find('='), pair.size());
    auto name = field(pair.substr(0, mark));
    auto value = field(pair.substr(std::min(mark + 1, pair.size())));
    if (!name || !value) return BadData{"a parameter is not percent-encoded as it should be"};
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return boost::system::in_place_value;
}

bool is_form(const HttpRequest& request) {
  return request.headers.get("Content-Type").value_or("").starts_with("application/x-www-form-urlencoded");
}

BadData invalid(std::string_view name, std::string_view why) { return {fmt::format("invalid parameter \"{}\": {}", name, why)}; }

// `digits` digits at text[at], which moves on; -1: there are none.
int digits(std::string_view text, std::size_t& at, std::size_t count) {
  int value = 0;
  for (std::size_t i = 0; i < count; ++i, ++at) {
    if (at >= text.size() || text[at] < '0' || text[at] > '9') return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool next_is(std::string_view text, std::size_t& at, std::string_view any_of) {
  if (at >= text.size() || any_of.find(text[at]) == std::string_view::npos) return false;
  ++at;
  return true;
}

// The zone of an RFC 3339 time at its end, in seconds east.
std::optional<int> zone(std::string_view text) {
  std::size_t at = 0;
  if (text == "Z" || text == "z") return 0;
  if (!next_is(text, at, "+-")) return std::nullopt;
  const int hours = digits(text, at, 2);
  if (!next_is(text, at, ":")) return std::nullopt;
  const int minutes = digits(text, at, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || at != text.size()) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

// ".123" as seconds; text moves past it.
double fraction(std::string_view text, std::size_t& at) {
  if (!next_is(text, at, ".")) return 0;
  double value = 0;
  double weight = 0.1;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, weight /= 10) value += weight * (text[at] - '0');
  return value;
}

std::optional<double> rfc3339(std::string_view text) {
  std::size_t at = 0;
  const int year = digits(text, at, 4);
  const bool first = next_is(text, at, "-");
  const int month = digits(text, at, 2);
  const bool second = next_is(text, at, "-");
  const int day = digits(text, at, 2);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(day))};
  if (year < 0 || month < 0 || day < 0 || !first || !second || !date.ok() || !next_is(text, at, "Tt ")) return std::nullopt;
  const int hours = digits(text, at, 2);
  const bool third = next_is(text, at, ":");
  const int minutes = digits(text, at, 2);
  const bool fourth = next_is(text, at, ":");
  const int seconds = digits(text, at, 2);
  if (!third || !fourth || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return std::nullopt;
  const double part = fraction(text, at);
  const auto east = zone(text.substr(at));
  if (!east) return std::nullopt;
  const double days = static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
  return days * 86'400 + hours * 3600 + minutes * 60 + seconds + part - *east;
}

struct Unit {
  std::string_view name;
  double seconds;
};
constexpr Unit kUnits[] = {{"y", 31'536'000}, {"w", 604'800}, {"d", 86'400}, {"h", 3600}, {"m", 60}, {"s", 1}, {"ms", 0.001}};

// Each unit once at most, from the largest down.
std::optional<double> unit_duration(std::string_view text) {
  double total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto length = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto amount = number(text.substr(0, length));
    text.remove_prefix(length);
    const auto name = text.substr(0, text.find_first_of("0123456789"));
    const auto* unit = std::find_if(kUnits + next_unit, std::end(kUnits), [&](const Unit& one) { return one.name == name; });
    if (!amount || unit == std::end(kUnits)) return std::nullopt;
    total += *amount * unit->seconds;
    text.remove_prefix(name.size());
    next_unit = static_cast<std::size_t>(unit - kUnits) + 1;
  }
  return total;
}

}  // namespace

Parsed<Form> Form::of(const HttpRequest& request) {
  Form form;
  if (auto added = add_fields(request.query(), form.fields_); !added) return added.error();
  if (request.method != "POST") return form;
  if (!request.body.empty() && !is_form(request)) return BadData{"a POST has its parameters form-encoded: Content-Type: application/x-www-form-urlencoded"};
  if (auto added = add_fields(request.body, form.fields_); !added) return added.error();
  return form;
}

const std::string& Form::get(std::string_view name) const {
  static const std::string none;
  for (const auto& [key, value] : fields_) {
    if (key == name) return value;
  }
  return none;
}

std::vector<std::string> Form::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : fields_) {
    if (key == name) out.push_back(value);
  }
  return out;
}

Parsed<std::int64_t> parse_time(std::string_view name, std::string_view text) {
  auto seconds = number(text);
  if (!seconds) seconds = rfc3339(text);
  if (!seconds) return invalid(name, fmt::format("cannot parse \"{}\" to a valid timestamp", text));
  return std::llround(std::clamp(*seconds, kFirstS, kLastS) * 1000);
}

Parsed<std::int64_t> parse_duration(std::string_view name, std::string_view text) {
  auto seconds = number(text);
  if (!seconds && !text.empty()) seconds = unit_duration(text);
  if (!seconds || std::abs(*seconds) > kLongestS) return invalid(name, fmt::format("cannot parse \"{}\" to a valid duration", text));
  return std::llround(*seconds * 1000);
}

Parsed<TimeRange> time_range(const Form& form, TimeRange otherwise) {
  TimeRange out = otherwise;
  for (const auto& [name, at] : {std::pair{"start", &out.from_ms}, std::pair{"end", &out.to_ms}}) {
    if (form.get(name).empty()) continue;
    const auto time = parse_time(name, form.get(name));
    if (!time) return time.error();
    *at = *time;
  }
  if (out.to_ms < out.from_ms) return invalid("end", "end timestamp must not be before start time");
  return out;
}

std::optional<std::int64_t> Grid::step_at(std::int64_t at_ms) const {
  if (at_ms <= from_ms - step_ms) return std::nullopt;
  const std::int64_t past = std::max<std::int64_t>(at_ms - from_ms, 0);
  const std::int64_t step = from_ms + (past + step_ms - 1) / step_ms * step_ms;
  if (step > to_ms) return std::nullopt;
  return step;
}

Parsed<Grid> grid_of(const Form& form) {
  for (const char* name : {"start", "end", "step"}) {
    if (form.get(name).empty()) return invalid(name, "it is missing");
  }
  const auto range = time_range(form, {});
  if (!range) return range.error();
  const auto step = parse_duration("step", form.get("step"));
  if (!step) return step.error();
  if (*step <= 0) return invalid("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
  if ((range->to_ms - range->from_ms) / *step > kMaxPoints) {
    return BadData{"exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"};
  }
  return Grid{range->from_ms, range->to_ms, *step};
}

std::optional<double> parse_sum(std::string_view text) {
  double total = 0;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const auto end = std::min(text.find('+'), text.size());
    auto term = text.substr(0, end);
    term = term.substr(0, term.find_last_not_of(' ') + 1);
    const auto value = number(term);
    if (!value) return std::nullopt;
    total += *value;
    if (end == text.size()) return total;
    text.remove_prefix(end + 1);
  }
}

}  // namespace chaos::web
