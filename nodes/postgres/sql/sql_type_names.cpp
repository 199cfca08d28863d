#include "postgres/sql/sql_plan.hpp"

#include <map>

namespace chaos::pg {

TypeName type_by_name(std::string_view name) {
  static const std::map<std::string_view, TypeName> kTypes{
      {"int", {"pg_int4", oid::kInt4, "int4"}}, {"integer", {"pg_int4", oid::kInt4, "int4"}}, {"int4", {"pg_int4", oid::kInt4, "int4"}},
      {"serial", {"pg_int4", oid::kInt4, "int4"}}, {"int8", {"pg_int8", oid::kInt8, "int8"}}, {"bigint", {"pg_int8", oid::kInt8, "int8"}},
      {"bigserial", {"pg_int8", oid::kInt8, "int8"}}, {"int2", {"pg_int2", oid::kInt2, "int2"}}, {"smallint", {"pg_int2", oid::kInt2, "int2"}},
      {"smallserial", {"pg_int2", oid::kInt2, "int2"}}, {"oid", {"pg_oid", oid::kOid, "oid"}}, {"bool", {"pg_bool", oid::kBool, "bool"}},
      {"boolean", {"pg_bool", oid::kBool, "bool"}}, {"float4", {"pg_float4", oid::kFloat4, "float4"}}, {"real", {"pg_float4", oid::kFloat4, "float4"}},
      {"float8", {"pg_float8", oid::kFloat8, "float8"}}, {"float", {"pg_float8", oid::kFloat8, "float8"}},
      {"double precision", {"pg_float8", oid::kFloat8, "float8"}}, {"numeric", {"pg_numeric", oid::kNumeric, "numeric"}},
      {"numeric real", {"pg_numeric", oid::kNumeric, "numeric"}}, {"dec", {"pg_numeric", oid::kNumeric, "numeric"}},
      {"decimal", {"pg_numeric", oid::kNumeric, "numeric"}}, {"text", {"TEXT", oid::kText, "text"}}, {"name", {"TEXT", oid::kName, "name"}},
      {"varchar", {"TEXT", oid::kVarchar, "varchar"}}, {"character varying", {"TEXT", oid::kVarchar, "varchar"}},
      {"char", {"TEXT", oid::kBpchar, "bpchar"}}, {"character", {"TEXT", oid::kBpchar, "bpchar"}}, {"bpchar", {"TEXT", oid::kBpchar, "bpchar"}},
      {"bytea", {"pg_bytea", oid::kBytea, "bytea"}}, {"blob", {"pg_bytea", oid::kBytea, "bytea"}},
      {"regclass", {"pg_regclass", oid::kText, "regclass"}},
      {"timestamp", {"pg_timestamp", oid::kTimestamp, "timestamp"}}, {"timestamp without time zone", {"pg_timestamp", oid::kTimestamp, "timestamp"}},
      {"timestamptz", {"pg_timestamptz", oid::kTimestampTz, "timestamptz"}}, {"timestamp with time zone", {"pg_timestamptz", oid::kTimestampTz, "timestamptz"}},
      {"date", {"pg_date", oid::kDate, "date"}}, {"time", {"TEXT", oid::kTime, "time"}}, {"time without time zone", {"TEXT", oid::kTime, "time"}},
      {"interval", {"pg_interval", oid::kInterval, "interval"}}, {"inet", {"TEXT", oid::kInet, "inet"}}, {"pg_lsn", {"TEXT", oid::kPgLsn, "pg_lsn"}},
      {"json", {"pg_json", oid::kJson, "json"}}, {"jsonb", {"pg_json", oid::kJsonb, "jsonb"}}, {"uuid", {"TEXT", oid::kUuid, "uuid"}},
      {"int4[]", {"", oid::kInt4Array, "int4"}}, {"int[]", {"", oid::kInt4Array, "int4"}}, {"integer[]", {"", oid::kInt4Array, "int4"}},
      {"int8[]", {"", oid::kInt8Array, "int8"}}, {"bigint[]", {"", oid::kInt8Array, "int8"}}, {"text[]", {"", oid::kTextArray, "text"}},
      {"name[]", {"", oid::kTextArray, "name"}}, {"oid[]", {"", oid::kTextArray, "oid"}}};
  const auto found = kTypes.find(name.substr(0, name.ends_with("[]") ? name.size() : name.find('(')));
  return found == kTypes.end() ? TypeName{"", oid::kText, ""} : found->second;
}

}  // namespace chaos::pg
