// How a statement reaches its rows, as SQLite's EXPLAIN QUERY PLAN tells it (https://www.sqlite.org/eqp.html). Pure.
#pragma once

#include "postgres/sql/sql_token.hpp"

namespace chaos::pg {

/// One scan of a table.
struct TableScan {
  std::string table;
  std::string index;       // SQLite's name of it; empty: none, or the table's own order when `keyed`
  bool keyed = false;      // by the table's whole-number key
  bool counts_all = false; // for a count(*) of all rows, whose steps SQLite does not count
};

/// lines: the details of the plan. tokens: the statement, in which aliases are looked up. is_table: whether a name is a
/// table's; what is scanned beside tables (subqueries, the server's own views) is left out.
template <class IsTable>
std::vector<TableScan> read_scans(const std::vector<std::string>& lines, const Tokens& tokens, const IsTable& is_table);

/// "SEARCH o USING INDEX i (a=?)" taken apart; table is the name or alias there. An index that is made for one statement
/// counts as none. Empty table: no scan.
TableScan read_scan(std::string_view line);
/// The name before `alias` in "FROM name [AS] alias"; empty: there is none.
std::string name_of_alias(const Tokens& tokens, std::string_view alias);

template <class IsTable>
std::vector<TableScan> read_scans(const std::vector<std::string>& lines, const Tokens& tokens, const IsTable& is_table) {
  std::vector<TableScan> out;
  for (const std::string& line : lines) {
    TableScan scan = read_scan(line);
    if (scan.table.empty()) continue;
    if (!is_table(scan.table)) scan.table = name_of_alias(tokens, scan.table);
    if (!scan.table.empty() && is_table(scan.table)) out.push_back(std::move(scan));
  }
  return out;
}

}  // namespace chaos::pg
