#include "postgres/execution/explain_tree.hpp"

#include "postgres/sql/sql_clauses.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace chaos::pg {

namespace {

constexpr double kEquality = 0.005, kRange = 1.0 / 3.0;
constexpr double kTupleCost = 0.01, kOperatorCost = 0.0025, kRandomPage = 4;
constexpr int kMaxDepth = 50;

class TreeMaker {
 public:
  TreeMaker(const std::vector<PlanStep>& steps, const Plan& plan, ExplainFacts& facts)
      : steps_(steps), plan_(plan), facts_(facts), clauses_(clauses_of(plan.tokens)) {}
  ExplainNode run();

 private:
  ExplainNode below(int parent, int depth);
  std::optional<ExplainNode> step(const PlanStep& step, int depth);
  ExplainNode scan(const std::string& detail);
  void conditions(ExplainNode& node, const std::vector<std::string>& columns, const std::string& terms, bool joined);
  void cost_scan(ExplainNode& node, double selectivity, bool unique);
  ExplainNode above(std::string type, ExplainNode child) const;
  ExplainNode joined(ExplainNode left, ExplainNode right) const;
  ExplainNode change(ExplainNode child);

  std::map<std::string, ExplainNode> made_;      // by CO-ROUTINE and MATERIALIZE, scanned by name later
  const std::vector<PlanStep>& steps_;
  const Plan& plan_;
  ExplainFacts& facts_;
  Clauses clauses_;
};

// Whether a column of that name is compared, of the alias where it is qualified.
bool mentions(const Tokens& tokens, TokenRange span, const std::string& name, const std::string& alias) {
  for (std::size_t i = span.first; i < span.second; ++i) {
    if (name_of(tokens[i]) != name || (i + 1 < span.second && tokens[i + 1].is("("))) continue;
    if (i < span.first + 2 || !tokens[i - 1].is(".") || name_of(tokens[i - 2]) == alias) return true;
  }
  return false;
}

// What of WHERE the index answers, and what is looked at row by row.
void TreeMaker::conditions(ExplainNode& node, const std::vector<std::string>& columns, const std::string& terms, bool joined) {
  std::string cond, filter;
  for (const auto& span : conjuncts(clauses_)) {
    const bool indexed = std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
      return terms.find(column + "=") != std::string::npos || terms.find(column + ">") != std::string::npos || terms.find(column + "<") != std::string::npos
                 ? mentions(*clauses_.tokens, span, column, node.alias) : false;
    });
    const auto aliases = aliases_in(clauses_, span);
    const bool ours = !joined || (indexed ? aliases.empty() || aliases.contains(node.alias) : aliases.size() == 1 && aliases.contains(node.alias));
    if (!ours) continue;
    std::string& to = indexed ? cond : filter;
    const std::string text = deparse(*clauses_.tokens, span.first, span.second);
    to += (to.empty() ? "" : " AND ") + (text.starts_with('(') ? text : "(" + text + ")");
  }
  const auto wrapped = [](const std::string& text) { return text.find(" AND ") == std::string::npos ? text : "(" + text + ")"; };
  if (!columns.empty()) node.details.emplace_back("Index Cond", cond.empty() ? "(" + terms + ")" : wrapped(cond));
  if (!filter.empty()) node.details.emplace_back("Filter", wrapped(filter));
}

void TreeMaker::cost_scan(ExplainNode& node, double selectivity, bool unique) {
  const double rows = std::max(1.0, facts_.rows(node.relation));
  node.width = facts_.width(node.relation);
  const double pages = std::max(1.0, std::ceil(rows * (node.width + 28) / 8192));
  node.rows = unique ? 1 : std::max(1.0, std::round(rows * selectivity));
  if (node.index.empty()) {
    node.total = pages + rows * (kTupleCost + (selectivity < 1 ? kOperatorCost : 0));
    return;
  }
  node.startup = rows < 2 ? 0.12 : 0.29;
  const double fetched = std::min(node.rows, pages) * kRandomPage;
  node.total = node.startup + kRandomPage + fetched + node.rows * (2 * kTupleCost) + 0.01;
}

// "SCAN items", "SEARCH o USING INDEX orders_item (item_id=?)", "SEARCH items USING INTEGER PRIMARY KEY (rowid=?)"
ExplainNode TreeMaker::scan(const std::string& detail) {
  const bool search = detail.starts_with("SEARCH ");
  const std::size_t from = search ? 7 : 5, end = std::min(detail.find(' ', from), detail.size());
  ExplainNode node;
  node.alias = detail.substr(from, end - from);
  if (const auto made = made_.find(node.alias); made != made_.end()) return made->second;
  const auto table = clauses_.tables.find(node.alias);
  node.relation = table == clauses_.tables.end() ? node.alias : table->second;
  const std::size_t open = detail.find('(', end);
  std::string terms = search && open != std::string::npos ? detail.substr(open + 1, detail.rfind(')') - open - 1) : "";
  const bool end_of_key = search && detail.find(" USING ") == std::string::npos;      // min() and max() of the row's number
  const bool primary = end_of_key || detail.find("USING INTEGER PRIMARY KEY") != std::string::npos;
  const bool covering = detail.find("COVERING INDEX") != std::string::npos, automatic = detail.find("AUTOMATIC") != std::string::npos;
  const std::size_t named = detail.find("INDEX ");
  std::vector<std::string> columns;
  if (primary) {
    const std::string key = facts_.primary_key(node.relation);
    node.index = node.relation + "_pkey";
    for (std::size_t at = terms.find("rowid"); at != std::string::npos; at = terms.find("rowid", at + key.size() + 1)) terms.replace(at, 5, key);
    columns = {key};
  } else if (named != std::string::npos && !automatic && detail.find("VIRTUAL TABLE") == std::string::npos) {
    node.index = detail.substr(named + 6, std::min(detail.find(' ', named + 6), detail.size()) - named - 6);
    columns = facts_.index_columns(node.index);
    if (node.index.starts_with("sqlite_autoindex_")) {
      const bool key = columns.size() == 1 && columns[0] == facts_.primary_key(node.relation);
      node.index = node.relation + (key || columns.empty() ? "_pkey" : "_" + columns[0] + "_key");
    }
  }
  if (!search || end_of_key) columns.clear();
  node.type = automatic ? "Hash" : node.index.empty() ? detail.find("VIRTUAL TABLE") != std::string::npos ? "Function Scan" : "Seq Scan" : covering ? "Index Only Scan" : "Index Scan";
  if (automatic) node.type = "Seq Scan";
  const bool equal = terms.find('=') != std::string::npos, range = terms.find_first_of("<>") != std::string::npos;
  const bool several = clauses_.tables.size() > 1 && steps_.size() > 1;
  conditions(node, columns, terms, several);
  const double selectivity = equal ? kEquality : range ? kRange : conjuncts(clauses_).empty() || several ? 1 : std::pow(kRange, static_cast<double>(conjuncts(clauses_).size()));
  cost_scan(node, selectivity, end_of_key || (search && equal && !range && facts_.unique(node.relation, primary ? "" : node.index)));
  return node;
}

ExplainNode TreeMaker::above(std::string type, ExplainNode child) const {
  ExplainNode node;
  node.type = std::move(type);
  node.startup = child.startup;
  node.total = child.total;
  node.rows = child.rows;
  node.width = child.width;
  node.children.push_back(std::move(child));
  return node;
}

ExplainNode TreeMaker::joined(ExplainNode left, ExplainNode right) const {
  ExplainNode node;
  node.type = "Nested Loop";
  node.startup = left.startup + right.startup;
  node.rows = std::max(1.0, left.rows * right.rows);
  node.width = left.width + right.width;
  node.total = left.total + left.rows * right.total + node.rows * kTupleCost;
  node.children.push_back(std::move(left));
  node.children.push_back(std::move(right));
  return node;
}

std::optional<ExplainNode> TreeMaker::step(const PlanStep& step, int depth) {
  const std::string& detail = step.detail;
  if (detail == "SCAN CONSTANT ROW") return std::nullopt;
  if (detail.starts_with("SCAN ") || detail.starts_with("SEARCH ")) return scan(detail);
  if (detail.starts_with("MULTI-INDEX OR")) return above("BitmapOr", below(step.id, depth));
  if (detail.starts_with("USE TEMP B-TREE") || detail.starts_with("BLOOM")) return std::nullopt;
  if (detail == "COMPOUND QUERY" || detail.starts_with("MERGE")) {
    ExplainNode append;
    append.type = "Append";
    for (const PlanStep& child : steps_) {
      if (child.parent != step.id) continue;
      append.children.push_back(below(child.id, depth));
      append.total += append.children.back().total;
      append.rows += append.children.back().rows - (append.children.size() == 1 ? 1 : 0);
      append.width = append.children.back().width;
    }
    return append;
  }
  ExplainNode node = below(step.id, depth);
  const bool named = detail.starts_with("CO-ROUTINE ") || detail.starts_with("MATERIALIZE ");
  if (named) {
    const std::string name = detail.substr(detail.find(' ') + 1);
    ExplainNode around = above("Subquery Scan", std::move(node));
    around.alias = around.relation = name;
    made_[name] = std::move(around);
    return std::nullopt;
  }
  node.details.emplace_back("SubPlan", detail);
  return node;
}

ExplainNode TreeMaker::below(int parent, int depth) {
  std::optional<ExplainNode> out;
  std::vector<ExplainNode> extras;
  if (depth < kMaxDepth) {
    for (const PlanStep& child : steps_) {
      if (child.parent != parent || child.id == parent) continue;
      auto node = step(child, depth + 1);
      if (!node) continue;
      if (child.detail.find("SUBQUERY") != std::string::npos) extras.push_back(std::move(*node));
      else out = out ? joined(std::move(*out), std::move(*node)) : std::move(*node);
    }
  }
  if (!out) {
    out = ExplainNode{};
    out->type = "Result";
    out->total = 0.01;
    out->width = 4;
  }
  for (ExplainNode& extra : extras) out->children.push_back(std::move(extra));
  return std::move(*out);
}

ExplainNode TreeMaker::change(ExplainNode child) {
  ExplainNode node = above(plan_.verb == Verb::insert ? "Insert" : plan_.verb == Verb::update ? "Update" : "Delete", std::move(child));
  const Tokens& tokens = plan_.tokens;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].is("into") && !tokens[i].is("update") && !tokens[i].is("from")) continue;
    node.relation = node.alias = name_of(tokens[i + 2 < tokens.size() && i + 3 < tokens.size() && tokens[i + 2].is(".") ? i + 3 : i + 1]);
    break;
  }
  node.rows = node.width = 0;
  return node;
}

ExplainNode TreeMaker::run() {
  ExplainNode node = below(0, 0);
  const bool sorted = std::any_of(steps_.begin(), steps_.end(), [](const PlanStep& s) { return s.parent == 0 && s.detail == "USE TEMP B-TREE FOR ORDER BY"; });
  const bool hashed = std::any_of(steps_.begin(), steps_.end(), [](const PlanStep& s) { return s.parent == 0 && s.detail == "USE TEMP B-TREE FOR GROUP BY"; });
  const std::string group = clauses_.text("group"), order = clauses_.text("order"), limit = clauses_.text("limit");
  if (!group.empty() || clauses_.aggregates) {
    const double before = node.rows;
    node = above(group.empty() ? "Aggregate" : hashed ? "HashAggregate" : "GroupAggregate", std::move(node));
    node.total += before * kOperatorCost * 2;
    node.startup = node.total;
    node.rows = group.empty() ? 1 : std::max(1.0, std::round(before / 10));
    node.width = group.empty() ? 8 : std::min(node.width, 16);
    if (!group.empty()) node.details.emplace_back("Group Key", group);
  } else if (clauses_.distinct) {
    node = above("HashAggregate", std::move(node));
  }
  if (sorted) {
    node = above("Sort", std::move(node));
    node.total += node.rows * std::log2(std::max(2.0, node.rows)) * kOperatorCost * 2;
    node.startup = node.total;
    std::string keys = order;
    for (std::size_t at = keys.find(" desc"); at != std::string::npos; at = keys.find(" desc", at + 1)) keys.replace(at, 5, " DESC");
    node.details.emplace_back("Sort Key", keys);
  }
  if (!limit.empty()) {
    const double most = std::max(1.0, std::atof(limit.c_str()));
    node = above("Limit", std::move(node));
    if (std::isdigit(static_cast<unsigned char>(limit[0])) != 0 && most < node.rows) {
      node.total = node.startup + (node.total - node.startup) * most / node.rows;
      node.rows = most;
    }
  }
  return plan_.verb == Verb::select ? node : change(std::move(node));
}

}  // namespace

ExplainNode explain_tree(const std::vector<PlanStep>& steps, const Plan& plan, ExplainFacts& facts) { return TreeMaker(steps, plan, facts).run(); }

}  // namespace chaos::pg
