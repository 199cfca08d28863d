// Output for people and for programs.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace chaos::cli {

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::left;
};

/// Columns as wide as their widest cell, two spaces between. Cells may carry ANSI colours; they take no width.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::vector<std::string> lines() const;
  void print() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Field names as in the proto, zeros included.
std::string to_json(const google::protobuf::Message& message, bool pretty = true);

/// Width on a terminal: code points, escape sequences left out.
std::size_t visible_width(const std::string& text);
/// At most `width` wide; colours are closed.
std::string clip(const std::string& text, std::size_t width);

enum class Colour { none, red, green, yellow, blue, grey, bold };
/// Coloured when standard output is a terminal and NO_COLOR is not set.
std::string paint(Colour colour, const std::string& text);
bool on_terminal();

std::string lab_clock(double lab_s);            // "17:42", "+1d 03:10" after the first day
std::string megabytes(double bytes);            // "48 MB"
std::string percent(double ratio, int digits = 1);
std::string number(double value, int digits = 0);
std::string duration_lab(double lab_s);         // "1 h 12 min", "45 s"

/// "90", "90s", "10m", "2h": lab seconds. Throws Failure(kUsage) naming what was wrong.
double parse_lab_seconds(const std::string& text);

}  // namespace chaos::cli
