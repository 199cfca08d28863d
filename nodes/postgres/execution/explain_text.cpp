#include "postgres/execution/explain_tree.hpp"

#include <cstdio>

namespace chaos::pg {

namespace {

std::string number(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string title(const ExplainNode& node) {
  std::string out = node.type;
  if (!node.index.empty()) out += " using " + node.index;
  if (!node.relation.empty()) out += " on " + node.relation;
  if (!node.alias.empty() && node.alias != node.relation) out += " " + node.alias;
  return out;
}

std::string figures(const ExplainNode& node, const ExplainPlan& options, const ExplainTimes* times) {
  std::string out;
  if (options.costs) out += "cost=" + number(node.startup, 2) + ".." + number(node.total, 2) + " rows=" + number(node.rows, 0) + " width=" + std::to_string(node.width);
  if (!times || !node.actual_rows) return out.empty() ? out : "  (" + out + ")";
  if (!out.empty()) out = "  (" + out + ")";
  const std::string time = node.actual_ms && options.timing ? "time=" + number(node.actual_ms->first, 3) + ".." + number(node.actual_ms->second, 3) + " " : "";
  return out + (options.costs ? " " : "  ") + "(actual " + time + "rows=" + number(*node.actual_rows, 0) + " loops=1)";
}

void append_lines(const ExplainNode& node, int depth, const ExplainPlan& options, const ExplainTimes* times, std::vector<std::string>& out) {
  const std::string indent(static_cast<std::size_t>(depth == 0 ? 0 : 6 * (depth - 1) + 2), ' ');
  out.push_back(indent + (depth == 0 ? "" : "->  ") + title(node) + figures(node, options, times));
  const std::string inner = indent + (depth == 0 ? "  " : "      ");
  for (const auto& [name, value] : node.details) out.push_back(inner + name + ": " + value);
  if (times && node.removed_rows.value_or(0) > 0) out.push_back(inner + "Rows Removed by Filter: " + number(*node.removed_rows, 0));
  for (const ExplainNode& child : node.children) append_lines(child, depth + 1, options, times, out);
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (static_cast<unsigned char>(c) < ' ') out.push_back(' ');
    else out.push_back(c);
  }
  return out + "\"";
}

void append_json(const ExplainNode& node, const std::string& indent, const ExplainPlan& options, const ExplainTimes* times, std::string& out) {
  const auto field = [&](std::string_view name, const std::string& value) { out += (out.ends_with('{') ? "\n" : ",\n") + indent + "  " + json_text(name) + ": " + value; };
  out += "{";
  const bool change = node.type == "Insert" || node.type == "Update" || node.type == "Delete";
  field("Node Type", json_text(change ? "ModifyTable" : node.type.find("Aggregate") != std::string::npos ? "Aggregate" : node.type));
  if (change) field("Operation", json_text(node.type));
  if (!node.index.empty()) field("Index Name", json_text(node.index));
  if (!node.relation.empty()) field("Relation Name", json_text(node.relation)), field("Alias", json_text(node.alias));
  if (options.costs) {
    field("Startup Cost", number(node.startup, 2));
    field("Total Cost", number(node.total, 2));
    field("Plan Rows", number(node.rows, 0));
    field("Plan Width", std::to_string(node.width));
  }
  if (times && node.actual_rows) {
    if (options.timing && node.actual_ms) field("Actual Startup Time", number(node.actual_ms->first, 3)), field("Actual Total Time", number(node.actual_ms->second, 3));
    field("Actual Rows", number(*node.actual_rows, 0));
    field("Actual Loops", "1");
  }
  for (const auto& [name, value] : node.details) field(name, name.ends_with("Key") ? "[" + json_text(value) + "]" : json_text(value));
  if (times && node.removed_rows) field("Rows Removed by Filter", number(*node.removed_rows, 0));
  if (!node.children.empty()) {
    field("Plans", "[\n" + indent + "    ");
    for (const ExplainNode& child : node.children) {
      if (&child != node.children.data()) out += ",\n" + indent + "    ";
      append_json(child, indent + "    ", options, times, out);
    }
    out += "\n" + indent + "  ]";
  }
  out += "\n" + indent + "}";
}

}  // namespace

std::vector<std::string> explain_text(const ExplainNode& root, const ExplainPlan& options, const ExplainTimes* times) {
  std::vector<std::string> out;
  append_lines(root, 0, options, times, out);
  if (times && options.summary) {
    out.push_back("Planning Time: " + number(times->planning_ms, 3) + " ms");
    out.push_back("Execution Time: " + number(times->execution_ms, 3) + " ms");
  }
  return out;
}

std::string explain_json(const ExplainNode& root, const ExplainPlan& options, const ExplainTimes* times) {
  std::string out = "[\n  {\n    \"Plan\": ";
  append_json(root, "    ", options, times, out);
  if (times && options.summary) {
    out += ",\n    \"Planning Time\": " + number(times->planning_ms, 3) + ",\n    \"Triggers\": [\n    ],\n    \"Execution Time\": " + number(times->execution_ms, 3);
  }
  return out + "\n  }\n]";
}

}  // namespace chaos::pg
