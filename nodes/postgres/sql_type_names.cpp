#include "postgres/sql_plan.hpp"

#include <map>

namespace chaos::pg {

TypeName type_by_name(std::string_view name) {
  static const std::map<std::string_view, TypeName> kTypes{
      {"int", {"INTEGER", oid::kInt4}}, {"integer", {"INTEGER", oid::kInt4}}, {"int4", {"INTEGER", oid::kInt4}},
      {"serial", {"INTEGER", oid::kInt4}}, {"int8", {"INTEGER", oid::kInt8}}, {"bigint", {"INTEGER", oid::kInt8}},
      {"bigserial", {"INTEGER", oid::kInt8}}, {"int2", {"INTEGER", oid::kInt2}}, {"smallint", {"INTEGER", oid::kInt2}},
      {"oid", {"INTEGER", oid::kOid}}, {"bool", {"pg_bool", oid::kBool}}, {"boolean", {"pg_bool", oid::kBool}},
      {"float4", {"REAL", oid::kFloat4}}, {"real", {"REAL", oid::kFloat4}}, {"float8", {"REAL", oid::kFloat8}},
      {"float", {"REAL", oid::kFloat8}}, {"double precision", {"REAL", oid::kFloat8}},
      {"numeric", {"NUMERIC", oid::kNumeric}}, {"decimal", {"NUMERIC", oid::kNumeric}},
      {"text", {"TEXT", oid::kText}}, {"name", {"TEXT", oid::kName}}, {"varchar", {"TEXT", oid::kVarchar}},
      {"character varying", {"TEXT", oid::kVarchar}}, {"char", {"TEXT", oid::kText}}, {"character", {"TEXT", oid::kText}},
      {"bytea", {"BLOB", oid::kBytea}}, {"blob", {"BLOB", oid::kBytea}}, {"regclass", {"pg_regclass", oid::kText}},
      {"timestamp", {"TEXT", oid::kTimestamp}}, {"timestamp without time zone", {"TEXT", oid::kTimestamp}},
      {"timestamptz", {"TEXT", oid::kTimestampTz}}, {"timestamp with time zone", {"TEXT", oid::kTimestampTz}},
      {"date", {"TEXT", oid::kDate}}, {"time", {"TEXT", oid::kTime}}, {"interval", {"pg_interval", oid::kInterval}},
      {"inet", {"TEXT", oid::kInet}}, {"pg_lsn", {"TEXT", oid::kPgLsn}}, {"json", {"TEXT", oid::kJson}},
      {"jsonb", {"TEXT", oid::kJson}}, {"uuid", {"TEXT", oid::kUuid}}};
  const auto found = kTypes.find(name);
  return found == kTypes.end() ? TypeName{"", oid::kText} : found->second;
}

}  // namespace chaos::pg
