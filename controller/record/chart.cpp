#include "record/chart.hpp"

#include "record/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace chaos::record {
namespace {

constexpr double kLeft = 58;
constexpr double kRight = 52;     // the same with and without a right axis: the charts' times stand below each other
constexpr double kTop = 26;       // room for the marks' flags
constexpr double kBottom = 24;
constexpr double kHoverPx = 10;   // width of one tooltip column

struct Frame {
  const Chart& chart;
  ChartSize size;
  Range y_range;
  Scale x, y;
  std::string out;

  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
  }
};

Frame frame_of(const Chart& chart, ChartSize size) {
  const Range range = y_range(chart);
  Frame frame{chart, size, range, {}, {}, {}};
  frame.x = {chart.x_from, chart.x_to, kLeft, size.width - kRight, false};
  frame.y = {range.from, range.to, size.height - kBottom, kTop, chart.axis == Axis::log};
  return frame;
}

std::string value_text(const Chart& chart, double value) {
  if (chart.axis == Axis::ratio) return percent(value, 1);
  return number(value) + (chart.unit.empty() ? "" : " " + chart.unit);
}

std::string tick_text(const Chart& chart, double value) {
  return chart.axis == Axis::ratio ? fmt::format("{:g} %", value * 100) : number(value);
}

std::vector<double> y_ticks(const Frame& f) {
  if (f.chart.axis == Axis::log) return log_ticks(f.y_range.from, f.y_range.to);
  return nice_ticks(f.y_range.from, f.y_range.to, f.size.height < 160 ? 3 : 5);
}

void draw_shades(Frame& f) {
  for (const auto& shade : f.chart.shades) {
    const double from = std::max(f.x(shade.from), f.x.px_from);
    const double to = std::min(f.x(shade.to), f.x.px_to);
    if (to <= from) continue;
    f.add("<rect class=\"window\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", from, kTop, to - from,
          f.y.px_from - kTop);
  }
}

void draw_y_axis(Frame& f) {
  for (const double tick : y_ticks(f)) {
    const double y = f.y(tick);
    f.add("<line class=\"grid\" x1=\"{}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", kLeft, f.x.px_to, y, y);
    f.add("<text class=\"tick end\" x=\"{}\" y=\"{:.1f}\">{}</text>\n", kLeft - 6, y + 4, tick_text(f.chart, tick));
  }
  if (!f.chart.unit.empty()) f.add("<text class=\"unit\" x=\"4\" y=\"14\">{}</text>\n", escape_html(f.chart.unit));
}

void draw_right_axis(Frame& f) {
  if (f.chart.right_per_left <= 0) return;
  for (const double tick : nice_ticks(0, f.y_range.to * f.chart.right_per_left, 5)) {
    f.add("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", f.x.px_to + 6,
          f.y(tick / f.chart.right_per_left) + 4, number(tick));
  }
  f.add("<text class=\"unit end\" x=\"{}\" y=\"14\">{}</text>\n", f.size.width - 2, escape_html(f.chart.right_unit));
}

void draw_x_axis(Frame& f) {
  const int most = std::max(2, static_cast<int>((f.x.px_to - f.x.px_from) / 64));
  const double base = f.y.px_from;
  for (const double tick : time_ticks(f.chart.x_from, f.chart.x_to, most)) {
    const double x = f.x(tick);
    f.add("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2:.1f}\"/>", x, kTop, base + 4);
    f.add("<text class=\"tick mid\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", x, base + 17, clock_text(tick));
  }
  f.add("<line class=\"axis\" x1=\"{}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n", kLeft, f.x.px_to, base, base);
}

void draw_limits(Frame& f) {
  for (const auto& limit : f.chart.limits) {
    const double y = f.y(limit.y);
    if (y < kTop - 1 || y > f.y.px_from + 1) continue;
    f.add("<line class=\"limit\" x1=\"{}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n", kLeft, f.x.px_to, y, y);
    f.add("<text class=\"limit-name\" x=\"{}\" y=\"{:.1f}\">{}</text>\n", kLeft + 6, limit.below ? y + 15 : y - 5, escape_html(limit.name));
  }
}

/// "M x y L x y ..." ; a gap starts anew, a lone point becomes a dot through its round cap.
std::string path_of(const Frame& f, const Series& series) {
  const auto buckets = static_cast<std::size_t>((f.x.px_to - f.x.px_from) / (series.step ? 1 : 1.5));
  std::string path;
  bool open = false;
  double last_y = 0;
  for (const auto& point : decimate(series.points, f.chart.x_from, f.chart.x_to, buckets)) {
    if (!std::isfinite(point.y) || point.x < f.chart.x_from || point.x > f.chart.x_to) {
      open = false;
      continue;
    }
    const double x = f.x(point.x);
    const double y = std::clamp(f.y(point.y), kTop - 2.0, f.y.px_from);
    if (open && series.step) fmt::format_to(std::back_inserter(path), "L{:.1f} {:.1f}", x, last_y);
    fmt::format_to(std::back_inserter(path), "{}{:.1f} {:.1f}", open ? "L" : "M", x, y);
    if (!open) path += "h0";
    open = true;
    last_y = y;
  }
  return path;
}

void draw_series(Frame& f) {
  for (const bool thin : {true, false}) {
    for (const auto& series : f.chart.series) {
      if (series.thin != thin) continue;
      f.add("<path class=\"line k{}{}\" d=\"{}\"/>\n", series.colour, thin ? " thin" : "", path_of(f, series));
    }
  }
}

std::string hover_text(const Chart& chart, double from, double reach) {
  std::string text = clock_text(from);
  for (const auto& series : chart.series) {
    const double value = value_at(series.points, from, reach);
    if (!std::isfinite(value)) continue;
    text += "\n" + series.name + ": " + (series.per_unit > 0 ? number(value * series.per_unit) : value_text(chart, value));
  }
  for (const auto& shade : chart.shades) {
    if (from >= shade.from && from < shade.to) text += "\n" + shade.title;
  }
  return text;
}

void draw_hover(Frame& f) {
  const auto columns = static_cast<int>((f.x.px_to - f.x.px_from) / kHoverPx);
  const double step = (f.chart.x_to - f.chart.x_from) / columns;
  const double width = (f.x.px_to - f.x.px_from) / columns;
  f.add("<g class=\"hover\">");
  for (int i = 0; i < columns; ++i) {
    const double middle = f.chart.x_from + (i + 0.5) * step;
    f.add("<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.2f}\" height=\"{:.1f}\"><title>{}</title></rect>\n",
          f.x.px_from + i * width, kTop, width, f.y.px_from - kTop,
          escape_html(hover_text(f.chart, middle, std::max(step, 600.0))));
  }
  f.add("</g>");
}

std::string_view mark_class(MarkKind kind) {
  switch (kind) {
    case MarkKind::fault: return "mark-fault";
    case MarkKind::node: return "mark-node";
    case MarkKind::deploy: return "mark-deploy";
    case MarkKind::action: return "mark-action";
    default: return "mark-alert";
  }
}

void draw_marks(Frame& f) {
  for (const auto& mark : merge_marks(f.chart.entries, f.x)) {
    const double width = flag_width(mark.label);
    const double left = std::clamp(flag_middle(mark, f.x) - width / 2, 0.0, f.size.width - width);
    f.add("<g class=\"mark {}\"><title>{}</title>", mark_class(mark.kind), escape_html(mark.title));
    for (const double at : mark.x) {
      f.add("<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"18\" y2=\"{1:.1f}\"/>", f.x(at), f.y.px_from);
    }
    f.add("<rect x=\"{:.1f}\" y=\"2\" width=\"{}\" height=\"16\" rx=\"8\"/>", left, width);
    f.add("<text x=\"{:.1f}\" y=\"14\">{}</text></g>\n", left + width / 2, mark.label);
  }
}

}  // namespace

Range y_range(const Chart& chart) {
  if (chart.y_to > chart.y_from) return {chart.y_from, chart.y_to};
  double low = chart.axis == Axis::log ? 1e9 : 0;
  double high = 0;
  for (const auto& limit : chart.limits) high = std::max(high, limit.y * 1.06);
  for (const auto& series : chart.series) {
    for (const auto& point : series.points) {
      if (!std::isfinite(point.y)) continue;
      high = std::max(high, point.y);
      if (point.y > 0) low = std::min(low, point.y);
    }
  }
  if (chart.axis != Axis::log) return {chart.y_from, nice_top(high, 5)};
  low = std::clamp(low, 0.1, std::max(0.1, high / 2));
  const double floor = std::pow(10.0, std::floor(std::log10(low)));
  const double from = low >= floor * 5 ? floor * 5 : (low >= floor * 2 ? floor * 2 : floor);
  return {from, std::max(high * 1.1, from * 10)};
}

std::string to_svg(const Chart& chart, ChartSize size) {
  Frame f = frame_of(chart, size);
  f.add("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", size.width, size.height,
        escape_html(chart.title));
  draw_shades(f);
  draw_y_axis(f);
  draw_right_axis(f);
  draw_x_axis(f);
  draw_series(f);
  draw_limits(f);
  draw_hover(f);
  draw_marks(f);
  f.out += "</svg>\n";
  return f.out;
}

}  // namespace chaos::record
