#include "queue/management/prometheus_text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace chaos::broker {

namespace {

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

}  // namespace

// What identifies the node stands on every page, what counts the node as a whole on all but the detailed one.
bool Selection::shows(std::string_view group) const {
  if (scope != Scope::detailed || group == "identity") return true;
  return std::find(families.begin(), families.end(), group) != families.end();
}

std::string PrometheusText::full(const Figure& figure) const {
  const bool detailed = selection_.scope == Scope::detailed && figure.group != "identity";
  return fmt::format("{}{}", detailed ? "rabbitmq_detailed_" : "rabbitmq_", figure.name);
}

void PrometheusText::head(const Figure& figure) {
  const std::string name = full(figure);
  fmt::format_to(std::back_inserter(out_), "# TYPE {} {}\n# HELP {} {}\n", name, figure.type, name, figure.help);
}

void PrometheusText::line(const Figure& figure, const LabelSet& labels, double value) {
  out_ += full(figure);
  char before = '{';
  for (const auto& [name, text] : labels) {
    fmt::format_to(std::back_inserter(out_), "{}{}=\"{}\"", before, name, escaped(text));
    before = ',';
  }
  if (!labels.empty()) out_ += '}';
  fmt::format_to(std::back_inserter(out_), " {}\n", value);
}

void PrometheusText::single(const Figure& figure, double value) {
  if (!shows(figure)) return;
  head(figure);
  line(figure, {}, value);
}

}  // namespace chaos::broker
