// A query plan as EXPLAIN shows it: SQLite's plan in PostgreSQL's nodes. Pure but for the door to sizes.
//   The nodes, their order and the indexes are SQLite's own choice. Rows and costs are estimates of PostgreSQL's kind: row
//   counts of the tables, half a percent for an equality, a third for a range; seq_page_cost 1, random_page_cost 4,
//   cpu_tuple_cost 0.01, cpu_operator_cost 0.0025. Source: PostgreSQL 15 documentation, 14.1 "Using EXPLAIN".
#pragma once

#include "postgres/sql/sql_plan.hpp"

namespace chaos::pg {

/// A row of EXPLAIN QUERY PLAN (https://www.sqlite.org/eqp.html).
struct PlanStep {
  int id = 0;
  int parent = 0;
  std::string detail;
};

class ExplainFacts {
 public:
  virtual ~ExplainFacts() = default;
  virtual double rows(const std::string& table) = 0;
  virtual int width(const std::string& table) = 0;                                   // bytes of a row
  virtual std::vector<std::string> index_columns(const std::string& index) = 0;
  virtual bool unique(const std::string& table, const std::string& index) = 0;
  virtual std::string primary_key(const std::string& table) = 0;                    // the column that is the row's number; empty: none
};

struct ExplainNode {
  std::string type;                 // "Seq Scan"
  std::string relation;             // of a scan
  std::string alias;
  std::string index;
  std::string join;                 // how it stands above its children: "Left"
  std::vector<std::pair<std::string, std::string>> details;      // "Filter": "(a > 1)"
  double startup = 0, total = 0, rows = 1;
  int width = 0;
  std::optional<double> actual_rows;
  std::optional<double> removed_rows;                            // by its filter
  std::optional<std::pair<double, double>> actual_ms;            // to its first row, to its end
  std::vector<ExplainNode> children;
};

ExplainNode explain_tree(const std::vector<PlanStep>& steps, const Plan& plan, ExplainFacts& facts);

/// What ANALYZE measured.
struct ExplainTimes {
  double planning_ms = 0;
  double execution_ms = 0;
  double first_row_ms = 0;             // to the result's first row; to its end when there is none
  std::int64_t rows = 0;
  struct Scan { double rows, scanned, first_ms, last_ms; };
  std::optional<Scan> scan;            // of a statement over one table
};
/// Writes what was measured into the nodes that it is true of.
void explain_actual(ExplainNode& root, const ExplainTimes& times);
/// The one scan of a plan over one table; null: it has more, or none.
ExplainNode* only_scan(ExplainNode& root);

/// The lines of EXPLAIN, or its JSON in one. times: null without ANALYZE.
std::vector<std::string> explain_text(const ExplainNode& root, const ExplainPlan& options, const ExplainTimes* times);
std::string explain_json(const ExplainNode& root, const ExplainPlan& options, const ExplainTimes* times);

}  // namespace chaos::pg
