// One chart as inline SVG. Colours and line styles are CSS classes of the page (html_style.hpp): k0..k7 for series,
// limit, window, mark-*. Pure.
#pragma once

#include "record/chart_scale.hpp"
#include "record/timeline.hpp"

#include <string>
#include <vector>

namespace chaos::record {

struct Series {
  std::string name;
  std::vector<Point> points;       // by x
  int colour = 0;                  // 0..7; dashes set 4..7 apart
  bool thin = false;               // drawn faintly, behind the others
  bool step = false;               // holds its value until the next point
  double per_unit = 0;             // tooltips show the value times this, without the unit; 0: as it is
};

struct Limit {
  std::string name;                // "contract: 320 ms"
  double y = 0;
  bool below = false;              // the name stands below the line: the good side is above it
};

struct Shade { double from = 0; double to = 0; std::string title; };

/// One numbered flag: the timeline entries that lie close together.
struct Mark {
  std::vector<double> x;           // of each time, ascending
  std::vector<int> numbers;        // of its entries
  std::string label;               // "4", "4–6"
  std::string title;               // one line an entry
  MarkKind kind = MarkKind::none;  // of the weightiest entry: fault, then node, deploy, action, alert
};

enum class Axis { linear, log, ratio };   // ratio: 0 to 1, labelled in per cent

struct Chart {
  std::string title;
  std::string note;                // below the title; may be empty
  std::string unit;                // of the y axis, "ms"
  Axis axis = Axis::linear;
  double y_from = 0;
  double y_to = 0;                 // 0: from the data and the limits
  double x_from = 0;
  double x_to = 1;
  std::vector<Series> series;
  std::vector<Limit> limits;
  std::vector<Shade> shades;       // out of contract
  std::vector<TimelineEntry> entries;   // those with a mark are drawn
  std::string right_unit;          // a second axis: the first one's values x right_per_left
  double right_per_left = 0;       // 0: none
  bool small = false;              // a low chart will do
};

struct ChartSize { int width = 1080; int height = 260; };

std::string to_svg(const Chart& chart, ChartSize size);

/// Width in pixels of the flag with this label.
double flag_width(const std::string& label);
/// A flag for each time of each marked entry (of alerts the first alone). Flags that would touch are one, above the
/// first of them; `scale` gives x in pixels. Times outside of the scale are left out.
std::vector<Mark> merge_marks(const std::vector<TimelineEntry>& entries, const Scale& scale);
double flag_middle(const Mark& mark, const Scale& scale);

/// The y axis's range: [from, to] as given, or wide enough for series and limits, ending at a tick.
struct Range { double from = 0; double to = 1; };
Range y_range(const Chart& chart);

}  // namespace chaos::record
