// Names and types of a query's output columns, as PostgreSQL derives them from its text and the tables it names.
// Pure but for the door to the schema. Source: PostgreSQL 15 documentation, 10.5 "SELECT Output Columns", chapter 9.
#pragma once

#include "postgres/sql/sql_token.hpp"

#include <optional>

namespace chaos::pg {

struct OutputColumn {
  std::string name;
  std::int32_t type = 0;          // 0: unknown
  std::int32_t modifier = -1;     // numeric(p, s) and varchar(n), as pg_attribute.atttypmod
  int scale = -1;                 // digits behind the point that a numeric is printed with; -1: as many as it has
};
using OutputColumns = std::vector<OutputColumn>;

class SchemaTypes {
 public:
  virtual ~SchemaTypes() = default;
  /// The columns of a table or view in order; empty: there is none of that name.
  virtual OutputColumns columns(const std::string& relation) = 0;
  /// What a column's DEFAULT is, in SQLite's words; empty: none.
  virtual std::string default_of(const std::string& /*relation*/, const std::string& /*column*/) { return {}; }
};

/// The output columns of SELECT, VALUES, or what a change returns. Parameters have the types of `parameters`. nullopt: the
/// text is beyond what is read here.
std::optional<OutputColumns> output_columns(const Tokens& tokens, SchemaTypes& schema, const std::vector<std::int32_t>& parameters);

/// A function's result type by its name: 0 unknown, kArgumentType: that of its (first) argument.
inline constexpr std::int32_t kArgumentType = -1;
std::int32_t function_type(std::string_view name);

/// numeric(10, 2) and varchar(20) as atttypmod; -1: none.
std::int32_t modifier_of_declaration(std::string_view declared);
/// The scale of numeric(p, s) by its modifier; -1 of other types.
inline int scale_of_modifier(std::int32_t type, std::int32_t modifier) { return type == oid::kNumeric && modifier >= 4 ? (modifier - 4) & 0xffff : -1; }

}  // namespace chaos::pg
