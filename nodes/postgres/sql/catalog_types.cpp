#include "postgres/sql/catalog_types.hpp"

#include "postgres/sql/sql_types.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace chaos::pg {

namespace {

constexpr auto kTypes = std::to_array<CatalogType>({
    {16, "bool", "boolean", 1, true, 'B', 1000, 'p', 0, 'c'},
    {17, "bytea", "bytea", -1, false, 'U', 1001, 'x', 0, 'i'},
    {18, "char", "\"char\"", 1, true, 'Z', 1002, 'p', 0, 'c'},
    {19, "name", "name", 64, false, 'S', 1003, 'p', 950, 'c'},
    {20, "int8", "bigint", 8, true, 'N', 1016, 'p', 0, 'd'},
    {21, "int2", "smallint", 2, true, 'N', 1005, 'p', 0, 's'},
    {22, "int2vector", "int2vector", -1, false, 'A', 1006, 'p', 0, 'i'},
    {23, "int4", "integer", 4, true, 'N', 1007, 'p', 0, 'i'},
    {24, "regproc", "regproc", 4, true, 'N', 1008, 'p', 0, 'i'},
    {25, "text", "text", -1, false, 'S', 1009, 'x', 100, 'i'},
    {26, "oid", "oid", 4, true, 'N', 1028, 'p', 0, 'i'},
    {27, "tid", "tid", 6, false, 'U', 1010, 'p', 0, 's'},
    {28, "xid", "xid", 4, true, 'U', 1011, 'p', 0, 'i'},
    {30, "oidvector", "oidvector", -1, false, 'A', 1013, 'p', 0, 'i'},
    {114, "json", "json", -1, false, 'U', 199, 'x', 0, 'i'},
    {142, "xml", "xml", -1, false, 'U', 143, 'x', 0, 'i'},
    {194, "pg_node_tree", "pg_node_tree", -1, false, 'Z', 0, 'x', 100, 'i'},
    {650, "cidr", "cidr", -1, false, 'I', 651, 'm', 0, 'i'},
    {700, "float4", "real", 4, true, 'N', 1021, 'p', 0, 'i'},
    {701, "float8", "double precision", 8, true, 'N', 1022, 'p', 0, 'd'},
    {705, "unknown", "unknown", -2, false, 'X', 0, 'p', 0, 'c'},
    {790, "money", "money", 8, true, 'N', 791, 'p', 0, 'd'},
    {829, "macaddr", "macaddr", 6, false, 'U', 1040, 'p', 0, 'i'},
    {869, "inet", "inet", -1, false, 'I', 1041, 'm', 0, 'i'},
    {1033, "aclitem", "aclitem", 12, false, 'U', 1034, 'p', 0, 'i'},
    {1042, "bpchar", "character", -1, false, 'S', 1014, 'x', 100, 'i'},
    {1043, "varchar", "character varying", -1, false, 'S', 1015, 'x', 100, 'i'},
    {1082, "date", "date", 4, true, 'D', 1182, 'p', 0, 'i'},
    {1083, "time", "time without time zone", 8, true, 'D', 1183, 'p', 0, 'd'},
    {1114, "timestamp", "timestamp without time zone", 8, true, 'D', 1115, 'p', 0, 'd'},
    {1184, "timestamptz", "timestamp with time zone", 8, true, 'D', 1185, 'p', 0, 'd'},
    {1186, "interval", "interval", 16, false, 'T', 1187, 'p', 0, 'd'},
    {1266, "timetz", "time with time zone", 12, false, 'D', 1270, 'p', 0, 'd'},
    {1560, "bit", "\"bit\"", -1, false, 'V', 1561, 'x', 0, 'i'},
    {1562, "varbit", "bit varying", -1, false, 'V', 1563, 'x', 0, 'i'},
    {1700, "numeric", "numeric", -1, false, 'N', 1231, 'm', 0, 'i'},
    {2205, "regclass", "regclass", 4, true, 'N', 2210, 'p', 0, 'i'},
    {2206, "regtype", "regtype", 4, true, 'N', 2211, 'p', 0, 'i'},
    {2249, "record", "record", -1, false, 'P', 2287, 'x', 0, 'd'},
    {2275, "cstring", "cstring", -2, false, 'P', 1263, 'p', 0, 'c'},
    {2277, "anyarray", "anyarray", -1, false, 'P', 0, 'x', 0, 'd'},
    {2278, "void", "void", 4, true, 'P', 0, 'p', 0, 'i'},
    {2950, "uuid", "uuid", 16, false, 'U', 2951, 'p', 0, 'c'},
    {3220, "pg_lsn", "pg_lsn", 8, true, 'U', 3221, 'p', 0, 'd'},
    {3802, "jsonb", "jsonb", -1, false, 'U', 3807, 'x', 0, 'i'},
    {4089, "regnamespace", "regnamespace", 4, true, 'N', 4090, 'p', 0, 'i'},
    {4096, "regrole", "regrole", 4, true, 'N', 4097, 'p', 0, 'i'},
    {5069, "xid8", "xid8", 8, true, 'U', 271, 'p', 0, 'd'},
});

constexpr std::int32_t kBpchar = 1042;
constexpr int kHeader = 4;              // VARHDRSZ: modifiers of texts and numbers count it

std::int32_t modifier_of(std::int32_t type, std::string_view inside) {
  int first = 0, second = 0;
  const int numbers = std::sscanf(std::string(inside).c_str(), "%d , %d", &first, &second);
  if (numbers < 1) return -1;
  if (type == oid::kNumeric) return ((first << 16) | (second & 0x7ff)) + kHeader;
  return type == oid::kVarchar || type == kBpchar ? first + kHeader : first;
}

std::string modifier_text(std::int32_t type, std::int32_t modifier) {
  if (modifier < 0) return {};
  if (type == oid::kVarchar || type == kBpchar) return "(" + std::to_string(modifier - kHeader) + ")";
  if (type != oid::kNumeric) return "(" + std::to_string(modifier) + ")";
  const int value = modifier - kHeader;
  return "(" + std::to_string(value >> 16) + "," + std::to_string(value & 0x7ff) + ")";
}

}  // namespace

std::span<const CatalogType> catalog_types() { return kTypes; }

const CatalogType* catalog_type(std::int32_t id) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [id](const CatalogType& t) { return t.oid == id || (t.array == id && id != 0); });
  return found == kTypes.end() ? nullptr : &*found;
}

DeclaredType declared_type(std::string_view declaration) {
  const std::size_t open = declaration.find('(');
  const bool array = declaration.ends_with("[]");
  std::string name(declaration.substr(0, std::min(open, declaration.size())));
  if (array) name = name.substr(0, name.find('['));
  while (name.ends_with(' ')) name.pop_back();
  name = lower(name);
  DeclaredType out{type_of_declaration(name)};
  const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const CatalogType& t) { return t.name == name; });
  if (known != kTypes.end()) out.oid = known->oid;
  if (name == "char" && open != std::string_view::npos) out.oid = kBpchar;
  if (name == "character") out.oid = kBpchar;
  if (open != std::string_view::npos) out.modifier = modifier_of(out.oid, declaration.substr(open + 1));
  const CatalogType* type = catalog_type(out.oid);
  if (array && type && type->array != 0) out.oid = type->array;
  return out;
}

std::string type_text(std::int32_t id, std::int32_t modifier) {
  const CatalogType* type = catalog_type(id);
  if (!type) return id == 0 ? "-" : "???";
  std::string_view name = type->sql;
  if (modifier >= 0 && name.starts_with("time")) {      // timestamp(3) with time zone
    const std::size_t space = std::min(name.find(' '), name.size());
    return std::string(name.substr(0, space)) + modifier_text(type->oid, modifier) + std::string(name.substr(space));
  }
  return std::string(name) + modifier_text(type->oid, modifier) + (type->oid == id ? "" : "[]");
}

}  // namespace chaos::pg
