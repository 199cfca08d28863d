#include "cli/view.hpp"

#include "cli/print.hpp"
#include "lab/node_state.hpp"
#include "record/bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace chaos::cli {

namespace {

Colour state_colour(const std::string& state) {
  if (state == "ready") return Colour::green;
  if (state == "standby") return Colour::grey;
  if (state == "down" || state == "silent") return Colour::red;
  return Colour::yellow;
}

std::string memory_cell(const v1::NodeStatus& node) {
  if (node.resident_bytes() == 0) return "-";
  const double ratio = node.memory_limit_bytes() ? static_cast<double>(node.resident_bytes()) / static_cast<double>(node.memory_limit_bytes()) : 0;
  const int filled = std::clamp(static_cast<int>(std::lround(ratio * 8)), 0, 8);
  std::string bar;
  for (int i = 0; i < 8; ++i) bar += i < filled ? "█" : "░";
  const Colour colour = ratio > 0.85 ? Colour::red : ratio > 0.7 ? Colour::yellow : Colour::none;
  return paint(colour, fmt::format("{} {:>3.0f}/{:.0f} MB", bar, static_cast<double>(node.resident_bytes()) / 1e6, static_cast<double>(node.memory_limit_bytes()) / 1e6));
}

std::string verdict(bool kept, const std::string& text) { return paint(kept ? Colour::green : Colour::red, (kept ? "✓ " : "✗ ") + text); }

double users_at(const v1::TrafficStatus& traffic, double lab_s) {
  const auto& points = traffic.curve();
  const auto next = std::find_if(points.begin(), points.end(), [&](const auto& p) { return p.lab_s() >= lab_s; });
  if (points.empty()) return 0;
  return next == points.end() ? points.rbegin()->users() : next->users();
}

std::string hour_axis(double from, double to, std::size_t width) {
  std::string axis(width, ' ');
  const double step = (to - from) > 13 * 3600 ? 10800 : 3600;
  for (double at = std::ceil(from / step) * step; at <= to; at += step) {
    const auto column = static_cast<std::size_t>((at - from) / (to - from) * static_cast<double>(width));
    const std::string label = lab_clock(at);
    if (column + label.size() <= width) axis.replace(column, label.size(), label);
  }
  return axis;
}

const v1::NodeStatus* fullest(const v1::LabStatus& status) {
  const v1::NodeStatus* most = nullptr;
  double highest = 0.7;
  for (const auto& node : status.nodes()) {
    if (node.memory_limit_bytes() == 0 || node.phase() != v1::PHASE_READY) continue;
    const double ratio = static_cast<double>(node.resident_bytes()) / static_cast<double>(node.memory_limit_bytes());
    if (ratio <= highest) continue;
    highest = ratio;
    most = &node;
  }
  return most;
}

// Red when the figure of the last seconds is beyond the bound, whatever the run as a whole says.
std::string now_cell(bool within, const std::string& text) { return paint(within ? Colour::none : Colour::red, text); }

// A screen that is too low keeps the ends: nodes that wait as standby go first, then the last ones, which are counted.
std::vector<std::string> node_rows(const v1::LabStatus& status, std::size_t room) {
  auto rows = node_table(status);
  if (rows.size() <= room) return rows;
  v1::LabStatus working = status;
  working.clear_nodes();
  for (const auto& node : status.nodes()) {
    if (state_word(node) != "standby") *working.add_nodes() = node;
  }
  rows = node_table(working);
  if (rows.size() <= room) return rows;
  const std::size_t shown = room > 1 ? room - 1 : 0;
  const std::string more = fmt::format("… {} more: chaosctl status", rows.size() - shown);
  rows.resize(shown);
  rows.push_back(more);
  return rows;
}

std::string title_line(const v1::LabStatus& status) {
  const std::string who = status.responder().empty() ? "you" : status.responder();
  return fmt::format("{}  {}  run {}  on call: {}  seed {}  {}", paint(Colour::bold, "chaos lab"), status.drill(), status.run(), who, status.seed(), address_range(status));
}

std::string clock_line(const v1::LabStatus& status) {
  const auto& traffic = status.traffic();
  return fmt::format("lab {}  ×{:g}  {}  {} users{}  {} req/s", paint(Colour::bold, lab_clock(status.lab_s())), status.speed(), status.state(),
                     number(traffic.users()), traffic.fixed() ? " (fixed)" : "", number(traffic.rate()));
}

}  // namespace

std::vector<std::string> node_table(const v1::LabStatus& status) {
  Table table({{"NODE"}, {"STATE"}, {"VERSION"}, {"MEMORY"}, {"IN FLIGHT", Align::right}, {"RATE/S", Align::right}, {"P95 MS", Align::right},
               {"ERRORS", Align::right}, {"CPU", Align::right}, {"RESTARTS", Align::right}, {"LAST EXIT"}});
  for (const auto& node : status.nodes()) {
    const std::string state = state_word(node);
    const bool live = state == "ready" || state == "draining";
    const std::string errors = percent(node.error_ratio());
    const bool took_over = node.name() == status.primary() && node.role() != "postgres";
    const std::string shown = node.taken_out().empty() ? paint(state_colour(state), state) : paint(Colour::yellow, state + ", " + node.taken_out());
    table.row({node.name() + (took_over ? " (primary)" : ""), shown, node.version(), memory_cell(node), live ? std::to_string(node.in_flight()) : "-",
               live ? number(node.rate()) : "-", live ? number(node.p95_ms(), 1) : "-", live ? paint(node.error_ratio() > 0.01 ? Colour::red : Colour::none, errors) : "-",
               live ? percent(node.cpu_ratio()) : "-", std::to_string(node.restarts()), node.last_exit()});
  }
  return table.lines();
}

std::vector<std::string> contract_lines(const v1::ContractStatus& c) {
  using namespace record;
  Table table({{"CONTRACT"}, {"RUN", Align::right}, {"BOUND", Align::right}, {"NOW", Align::right}, {""}});
  table.row({"uptime", percent_at_least(c.uptime(), c.uptime_min(), 2), "≥ " + bound_text(100 * c.uptime_min()) + " %",
             now_cell(c.uptime_now() >= c.uptime_min(), percent_at_least(c.uptime_now(), c.uptime_min(), 1)),
             verdict(c.uptime() >= c.uptime_min(), "error budget left " + cli::percent(c.error_budget_left(), 0))});
  table.row({"P95", number_at_most(c.p95_ms(), c.p95_ms_max()) + " ms", "≤ " + bound_text(c.p95_ms_max()) + " ms",
             now_cell(c.p95_ms_now() <= c.p95_ms_max(), number_at_most(c.p95_ms_now(), c.p95_ms_max()) + " ms"), verdict(c.p95_ms() <= c.p95_ms_max(), "")});
  table.row({"budget", number_at_most(c.budget_usd_month(), c.budget_usd_month_max()) + " $/mo", "≤ " + bound_text(c.budget_usd_month_max()) + " $/mo", "",
             verdict(c.budget_usd_month() <= c.budget_usd_month_max(), "")});
  return table.lines();
}

std::vector<std::string> curve_lines(const v1::LabStatus& status, std::size_t width) {
  static const char* const kBlocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const double from = status.start_lab_s();
  const double to = std::max(status.end_lab_s(), from + 60);
  double peak = 1;
  for (const auto& point : status.traffic().curve()) peak = std::max(peak, point.users());
  const auto now = static_cast<std::size_t>((status.lab_s() - from) / (to - from) * static_cast<double>(width));
  std::string upper[3];      // before now, now, after now: a colour each
  std::string lower[3];
  for (std::size_t column = 0; column < width; ++column) {
    const double at = from + (static_cast<double>(column) + 0.5) / static_cast<double>(width) * (to - from);
    const int level = static_cast<int>(std::lround(users_at(status.traffic(), at) / peak * 16));
    const std::size_t part = column < now ? 0 : column == now ? 1 : 2;
    upper[part] += kBlocks[std::clamp(level - 8, 0, 8)];
    lower[part] += kBlocks[std::clamp(level, 0, 8)];
  }
  const auto coloured = [](const std::string (&parts)[3]) {
    return paint(Colour::blue, parts[0]) + paint(Colour::red, parts[1]) + paint(Colour::grey, parts[2]);
  };
  return {coloured(upper), coloured(lower), paint(Colour::grey, hour_axis(from, to, width))};
}

std::string event_line(const v1::Event& event) {
  const Colour colour = event.kind() == "alert" || event.what() == "killed" ? Colour::red : event.kind() == "action" ? Colour::blue : Colour::none;
  const std::string who = event.node().empty() ? std::string{} : event.node() + (event.kind() == "node" ? " " : ": ");
  return fmt::format("{}  {:<8} {}{}", lab_clock(event.lab_s()), event.kind(), paint(colour, who + event.text()), event.actor().empty() ? "" : paint(Colour::grey, "  (" + event.actor() + ")"));
}

namespace {

// A restart empties what keeps no state; a store is looked into first.
std::string fills_up(const v1::NodeStatus& node) {
  static const std::set<std::string, std::less<>> kStores{"redis", "replica", "postgres", "queue", "object_store"};
  if (kStores.contains(node.role())) return fmt::format("{} fills up: chaosctl logs {}    and look inside with its own tools (docs/triage.md)", node.name(), node.name());
  const std::string out = fmt::format("{} fills up: chaosctl restart --rolling {}", node.name(), node.role());
  return node.version() == "v1" ? out : out + fmt::format("    or for good: chaosctl rollback {}", node.role());
}

}  // namespace

std::string hint(const v1::LabStatus& status) {
  if (status.state() != "running") return "the run is over; soon: chaosctl postmortem";
  if (const auto* node = fullest(status)) {
    return fills_up(*node);
  }
  for (const auto& node : status.nodes()) {
    if (state_word(node) == "down" || state_word(node) == "silent") return fmt::format("{} is gone: chaosctl logs {}    chaosctl events", node.name(), node.name());
  }
  static const char* const kIdeas[] = {"chaosctl inject crash redis-1", "chaosctl inject latency 'server->postgres' --delay-ms 80 --duration-lab-s 20m",
                                       "chaosctl traffic spike 800 --for 30m", "redis-cli -h REDIS info stats", "chaosctl top",
                                       "chaosctl restart --rolling server", "psql -h POSTGRES -U shop -c 'select * from pg_stat_activity'"};
  std::string idea = kIdeas[static_cast<std::size_t>(status.lab_s() / 1800) % std::size(kIdeas)];
  for (const auto& node : status.nodes()) {
    if (node.name() == "redis-1" && idea.find("REDIS") != std::string::npos) idea.replace(idea.find("REDIS"), 5, node.address());
    if (node.name() == "postgres-1" && idea.find("POSTGRES") != std::string::npos) idea.replace(idea.find("POSTGRES"), 8, node.address());
  }
  return idea;
}

std::string address_range(const v1::LabStatus& status) {
  if (status.nodes().empty()) return {};
  const std::string& address = status.nodes(0).address();
  const auto second = address.find('.', address.find('.') + 1);
  return address.starts_with("127.") ? address.substr(0, second) + ".x.y" : std::string{};
}

std::vector<std::string> live_screen(const v1::LabStatus& status, const std::vector<v1::Event>& events, const ScreenShape& shape) {
  constexpr std::size_t kLow = 34;      // below this the curve gives way to the nodes
  std::vector<std::string> lines{title_line(status), clock_line(status)};
  const auto add = [&](const std::vector<std::string>& more) { lines.insert(lines.end(), more.begin(), more.end()); };
  if (shape.height >= kLow) add(curve_lines(status, std::min<std::size_t>(shape.width, 120)));
  add(contract_lines(status.contract()));
  for (const std::string& alert : status.alerts()) lines.push_back(paint(Colour::red, "firing: " + alert));
  if (!status.faults_in_force().empty()) {
    std::string faults;
    for (const std::string& fault : status.faults_in_force()) faults += (faults.empty() ? "in force: " : "; ") + fault;
    lines.push_back(paint(Colour::yellow, faults));
  }
  if (shape.height >= kLow) lines.emplace_back();
  const std::size_t tail = 2;
  const std::size_t wanted_events = shape.height >= kLow ? 4 : 1;
  add(node_rows(status, shape.height > lines.size() + tail + wanted_events ? shape.height - lines.size() - tail - wanted_events : 0));
  const std::size_t room = shape.height > lines.size() + tail ? shape.height - lines.size() - tail : 0;
  const std::size_t shown = std::min(room, events.size());
  for (std::size_t i = events.size() - shown; i < events.size(); ++i) lines.push_back(event_line(events[i]));
  while (lines.size() + tail < shape.height) lines.emplace_back();
  lines.push_back(paint(Colour::yellow, "Try in another terminal:  ") + hint(status));
  lines.push_back(paint(Colour::grey, shape.footer));
  if (lines.size() > shape.height) lines.resize(shape.height);
  for (std::string& line : lines) line = clip(line, shape.width);
  return lines;
}

}  // namespace chaos::cli
