// PostgreSQL's built-in types, as far as columns here can have them. Pure.
// Source: PostgreSQL 15, src/include/catalog/pg_type.dat.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chaos::pg {

struct CatalogType {
  std::int32_t oid;
  std::string_view name;         // pg_type.typname
  std::string_view sql;          // as format_type says it
  int length;                    // -1: varies
  bool by_value;
  char category;
  std::int32_t array;            // oid of its array type, 0: none
  char storage;                  // p plain, x extended, m main
  std::int32_t collation;
  char align;
};

std::span<const CatalogType> catalog_types();
/// Of a type or an array type; null: not known.
const CatalogType* catalog_type(std::int32_t id);

/// A column's type from its declaration, "varchar(20)", "numeric(10, 2)", "int[]".
struct DeclaredType {
  std::int32_t oid;
  std::int32_t modifier = -1;    // pg_attribute.atttypmod
};
DeclaredType declared_type(std::string_view declaration);

/// "character varying(20)", "numeric(10,2)", "integer[]"; "???" for what is not known, as PostgreSQL says.
std::string type_text(std::int32_t oid, std::int32_t modifier = -1);

}  // namespace chaos::pg
