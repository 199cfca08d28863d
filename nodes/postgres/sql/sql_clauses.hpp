// The clauses of a query's text. Pure.
#pragma once

#include "postgres/sql/sql_token.hpp"

#include <map>
#include <set>

namespace chaos::pg {

using TokenRange = std::pair<std::size_t, std::size_t>;      // from, to

// The clauses of the outermost query.
struct Clauses {
  const Tokens* tokens = nullptr;
  std::map<std::string, TokenRange> spans;      // "where" to the tokens behind it
  std::map<std::string, std::string> tables;                             // alias or name to table
  bool aggregates = false;
  bool distinct = false;

  std::string text(const std::string& clause) const;
};

/// `tokens` must outlive what is returned.
Clauses clauses_of(const Tokens& tokens);
/// The parts of WHERE and of ON that AND joins.
std::vector<TokenRange> conjuncts(const Clauses& clauses);
/// The aliases that columns in `range` are qualified by.
std::set<std::string> aliases_in(const Clauses& clauses, TokenRange range);
/// Tokens as PostgreSQL prints an expression: "(a = 1)".
std::string deparse(const Tokens& tokens, std::size_t from, std::size_t to);

}  // namespace chaos::pg
