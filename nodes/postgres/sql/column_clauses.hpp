// What CREATE TABLE says of its columns and checks. Pure. Source: PostgreSQL 15 documentation, CREATE TABLE; names as ChooseConstraintName.
#pragma once

#include "postgres/sql/sql_token.hpp"

namespace chaos::pg {

struct CheckClause {
  std::string name;
  std::vector<std::string> columns;      // that it reads, in their order
  Tokens condition;                      // without the brackets around it
};

/// Whether all columns of the list in brackets at `open`, or the one definition at `open`, have types that there are. False: 42704, or 42601 without one.
bool known_types(const Tokens& tokens, std::size_t open, ServerError& error);
/// A type's name that PostgreSQL has, arrays too.
bool is_type(std::string_view name);
/// Gives each CHECK of the list at `open` that has none the name that PostgreSQL would.
void name_checks(Tokens& tokens, std::size_t open, const std::string& table);
/// The CHECKs of a CREATE TABLE statement's text; those without a name get one.
std::vector<CheckClause> checks_of(const std::string& sql, const std::string& table);
/// "CHECK ((qty > 0))", plain "CHECK (qty > 0)", as pg_get_constraintdef says it.
std::string check_text(const CheckClause& check, bool plain);

}  // namespace chaos::pg
