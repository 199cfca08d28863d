// The type of an expression by its text. Pure. Source: PostgreSQL 15 documentation, 4.1.6 "Operator Precedence".
#pragma once

#include "postgres/sql/sql_output.hpp"

namespace chaos::pg {

/// What a query's FROM names; columns are looked for here, then in the query around it.
struct Scope {
  struct Source {
    std::string alias;
    OutputColumns columns;
  };
  std::vector<Source> sources;
  std::vector<Source> with;              // WITH's queries
  const Scope* outer = nullptr;
  SchemaTypes* schema = nullptr;
  const std::vector<std::int32_t>* parameters = nullptr;

  const OutputColumn* column(const std::string& alias, const std::string& name) const;
  const Source* with_query(const std::string& name) const;
};

/// A part of a statement.
struct Span {
  const Tokens* tokens = nullptr;
  std::size_t from = 0, to = 0;

  bool empty() const { return from >= to; }
  std::size_t size() const { return to - from; }
  const Token& operator[](std::size_t i) const { return (*tokens)[from + i]; }
  Span part(std::size_t begin, std::size_t end) const { return {tokens, from + begin, std::min(from + end, to)}; }
  bool is(std::size_t i, std::string_view text) const { return i < size() && (*this)[i].is(text); }
};
/// A type's name as one word: "numeric(10,2)", "character varying", "int4[]".
std::string type_text(const Span& span);
/// Behind the bracket that closes the one at `open`.
std::size_t after_bracket(const Span& span, std::size_t open);

/// `depth` bounds how deep queries and brackets nest.
OutputColumn expression_type(const Span& span, const Scope& scope, int depth);
/// The output columns of a query in brackets or without.
std::optional<OutputColumns> query_columns(const Span& span, const Scope& scope, int depth);
inline constexpr int kMaxDepth = 40;

}  // namespace chaos::pg
