#include "postgres/execution/explain_tree.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

bool changes(const ExplainNode& node) { return node.type == "Update" || node.type == "Delete" || node.type == "Insert"; }

int scans_in(const ExplainNode& node) {
  int count = node.type.ends_with("Scan") ? 1 : 0;
  for (const ExplainNode& child : node.children) count += scans_in(child);
  return count;
}

// A node's rows are its parent's where the parent neither groups nor cuts.
class Actual {
 public:
  explicit Actual(const ExplainTimes& times) : times_(times) {}

  void fill(ExplainNode& node, bool cut, bool top) {
    const bool change = changes(node);
    const auto rows = static_cast<double>(times_.rows);
    node.actual_rows = change ? 0 : rows;
    const double first = change ? times_.execution_ms : times_.first_row_ms;
    if (top || node.type == "Sort" || node.type.ends_with("Aggregate")) node.actual_ms = {first, times_.execution_ms};
    if (top && node.children.empty() && times_.scan) node.removed_rows = removed(node);
    if (node.children.size() != 1) return;
    ExplainNode& child = node.children[0];
    if (child.children.empty() && times_.scan) return fill_scan(child);
    const bool same = change || node.type == "Limit" || node.type == "Subquery Scan" || (node.type == "Sort" && !cut);
    if (same) fill(child, cut || node.type == "Limit", false);
    else if (scans_in(child) == 1 && times_.scan) below(child);
  }

 private:
  // What lies between is not known; the scan is.
  void below(ExplainNode& node) {
    if (node.children.size() != 1) return;
    if (node.children[0].children.empty()) fill_scan(node.children[0]);
    else below(node.children[0]);
  }

  std::optional<double> removed(const ExplainNode& node) const {
    const bool filter = std::any_of(node.details.begin(), node.details.end(), [](const auto& detail) { return detail.first == "Filter"; });
    return filter ? std::optional(times_.scan->scanned - times_.scan->rows) : std::nullopt;
  }

  void fill_scan(ExplainNode& node) const {
    node.actual_rows = times_.scan->rows;
    node.actual_ms = {times_.scan->first_ms, times_.scan->last_ms};
    node.removed_rows = removed(node);
  }

  const ExplainTimes& times_;
};

}  // namespace

void explain_actual(ExplainNode& root, const ExplainTimes& times) { Actual(times).fill(root, false, true); }

ExplainNode* only_scan(ExplainNode& root) {
  if (scans_in(root) != 1) return nullptr;
  ExplainNode* node = &root;
  while (node->children.size() == 1) node = node->children.data();
  return node->children.empty() && node->type.ends_with("Scan") ? node : nullptr;
}

}  // namespace chaos::pg
