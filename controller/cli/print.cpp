#include "cli/print.hpp"

#include "cli/cli.hpp"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <unistd.h>

namespace chaos::cli {

namespace {

// Calls visit(begin, end, width) for each escape sequence (width 0) and each code point (width 1).
template <class Visit>
void walk(const std::string& text, Visit visit) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    std::size_t width = 1;
    if (text[i] == '\033') {
      while (end < text.size() && !std::isalpha(static_cast<unsigned char>(text[end]))) ++end;
      end = std::min(end + 1, text.size());
      width = 0;
    } else {
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    }
    if (!visit(i, end, width)) return;
    i = end;
  }
}

std::string pad(const std::string& text, std::size_t width, Align align) {
  const std::size_t own = visible_width(text);
  const std::string space(width > own ? width - own : 0, ' ');
  return align == Align::left ? text + space : space + text;
}

const char* code_of(Colour colour) {
  switch (colour) {
    case Colour::red: return "\033[31m";
    case Colour::green: return "\033[32m";
    case Colour::yellow: return "\033[33m";
    case Colour::blue: return "\033[36m";
    case Colour::grey: return "\033[90m";
    case Colour::bold: return "\033[1m";
    case Colour::none: break;
  }
  return "";
}

}  // namespace

std::vector<std::string> Table::lines() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(visible_width(column.title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], visible_width(row[i]));
  }
  const auto line = [&](auto cell) {
    std::string out;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool last = i + 1 == columns_.size();
      const std::string text = cell(i);
      out += last && columns_[i].align == Align::left ? text : pad(text, widths[i], columns_[i].align);
      if (!last) out += "  ";
    }
    return out;
  };
  std::vector<std::string> lines{line([&](std::size_t i) { return paint(Colour::bold, columns_[i].title); })};
  for (const auto& row : rows_) lines.push_back(line([&](std::size_t i) { return i < row.size() ? row[i] : std::string{}; }));
  return lines;
}

void Table::print() const {
  for (const std::string& line : lines()) std::cout << line << "\n";
}

std::string to_json(const google::protobuf::Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string out;
  const auto status = google::protobuf::util::MessageToJsonString(message, &out, options);
  if (!status.ok()) throw Failure(kFailed, "cannot write JSON: " + std::string(status.message()));
  return out;
}

std::size_t visible_width(const std::string& text) {
  std::size_t width = 0;
  walk(text, [&](std::size_t, std::size_t, std::size_t w) { width += w; return true; });
  return width;
}

std::string clip(const std::string& text, std::size_t width) {
  std::string out;
  std::size_t used = 0;
  bool coloured = false;
  walk(text, [&](std::size_t begin, std::size_t end, std::size_t w) {
    if (used + w > width) return false;
    used += w;
    coloured = coloured || w == 0;
    out.append(text, begin, end - begin);
    return true;
  });
  if (coloured) out += "\033[0m";
  return out;
}

bool on_terminal() { return isatty(STDOUT_FILENO) != 0; }

std::string paint(Colour colour, const std::string& text) {
  static const bool plain = !on_terminal() || std::getenv("NO_COLOR") != nullptr;
  if (plain || colour == Colour::none || text.empty()) return text;
  return code_of(colour) + text + "\033[0m";
}

std::string lab_clock(double lab_s) {
  const auto minutes = static_cast<long>(std::floor(lab_s / 60));
  const long day = minutes / 1440;
  const std::string clock = fmt::format("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
  return day > 0 ? fmt::format("+{}d {}", day, clock) : clock;
}

std::string megabytes(double bytes) { return fmt::format("{:.0f} MB", bytes / 1e6); }
std::string percent(double ratio, int digits) { return fmt::format("{:.{}f} %", ratio * 100, digits); }
std::string number(double value, int digits) { return fmt::format("{:.{}f}", value, digits); }

std::string duration_lab(double lab_s) {
  if (lab_s < 120) return fmt::format("{:.0f} s", lab_s);
  const auto minutes = static_cast<long>(std::lround(lab_s / 60));
  return minutes < 60 ? fmt::format("{} min", minutes) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

double parse_lab_seconds(const std::string& text) {
  std::size_t used = 0;
  double value = -1;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  const std::string unit = text.substr(used);
  const double factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (used == 0 || factor == 0 || !(value >= 0)) {
    throw Failure(kUsage, "\"" + text + "\" is no lab duration: 90, 90s, 10m or 2h");
  }
  return value * factor;
}

}  // namespace chaos::cli
