#include "postgres/sql/sql_output.hpp"

#include <charconv>
#include <map>

namespace chaos::pg {

std::int32_t function_type(std::string_view name) {
  using namespace oid;
  static const std::map<std::string_view, std::int32_t> kTypes = [] {
    std::map<std::string_view, std::int32_t> types;
    const auto add = [&](std::int32_t type, std::initializer_list<std::string_view> names) {
      for (const std::string_view known : names) types[known] = type;
    };
    add(kBool, {"pg_is_in_recovery", "pg_cancel_backend", "pg_terminate_backend", "bool_and", "bool_or", "every", "exists", "starts_with", "pg_promote",
                "pg_reload_conf", "pg_rotate_logfile", "has_database_privilege", "has_table_privilege", "has_schema_privilege", "pg_table_is_visible", "pg_type_is_visible",
                "pg_function_is_visible", "pg_try_advisory_lock", "pg_try_advisory_xact_lock", "pg_advisory_unlock", "pg_is_wal_replay_paused", "pg_bool",
                "pg_relation_is_publishable", "pg_stat_file", "isfinite"});
    add(kInt8, {"count", "row_number", "rank", "dense_rank", "pg_database_size", "pg_relation_size", "pg_table_size", "pg_total_relation_size",
                "pg_indexes_size", "txid_current", "pg_int8", "regr_count", "pg_size_bytes"});
    add(kInt4, {"length", "char_length", "character_length", "octet_length", "position", "strpos", "instr", "ascii", "pg_backend_pid", "array_length",
                "array_upper", "array_lower", "cardinality", "inet_server_port", "inet_client_port", "sign", "pg_int4", "ntile", "bit_length"});
    add(kNumeric, {"extract", "pg_wal_lsn_diff", "numeric"});
    add(kFloat8, {"random", "sqrt", "power", "exp", "ln", "log", "date_part", "pi", "percentile_cont", "cume_dist", "percent_rank", "sin", "cos"});
    add(kTimestampTz, {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "to_timestamp", "pg_postmaster_start_time",
                       "pg_conf_load_time", "pg_last_xact_replay_timestamp", "make_timestamptz"});
    add(kInterval, {"age", "make_interval", "justify_hours", "justify_days"});
    add(kDate, {"to_date", "make_date"});
    add(kPgLsn, {"pg_current_wal_lsn", "pg_current_wal_insert_lsn", "pg_current_wal_flush_lsn", "pg_last_wal_receive_lsn", "pg_last_wal_replay_lsn", "pg_lsn"});
    add(kName, {"current_database", "current_user", "session_user", "current_schema", "pg_get_userbyid", "getpgusername"});
    add(kInet, {"inet_server_addr", "inet_client_addr"});
    add(kVoid, {"pg_sleep", "pg_advisory_lock", "pg_advisory_xact_lock", "pg_advisory_unlock_all", "pg_stat_reset", "pg_stat_reset_shared", "pg_stat_reset_single_table_counters", "pg_stat_statements_reset",
                "pg_wal_replay_pause", "pg_wal_replay_resume"});
    add(kInt4Array, {"pg_blocking_pids"});
    add(kTextArray, {"array_agg", "string_to_array", "array_append", "array_remove", "current_schemas"});
    add(kUuid, {"gen_random_uuid"});
    add(kBytea, {"sha256", "decode"});
    add(kJson, {"json_build_object", "json_object", "json_array", "json_agg", "to_json", "row_to_json", "json_group_array", "json_group_object"});
    add(kText, {"version", "upper", "lower", "substr", "substring", "trim", "btrim", "ltrim", "rtrim", "replace", "left", "right", "lpad", "rpad", "repeat", "reverse",
                "initcap", "split_part", "concat", "concat_ws", "format", "quote_ident", "quote_literal", "quote_nullable", "md5", "to_hex", "encode", "to_char",
                "string_agg", "group_concat", "array_to_string", "regexp_replace", "pg_size_pretty", "format_type", "pg_get_expr", "pg_get_indexdef",
                "pg_get_constraintdef", "pg_get_viewdef", "current_setting", "set_config", "obj_description", "col_description", "pg_encoding_to_char",
                "pg_get_wal_replay_pause_state", "translate", "chr", "typeof", "pg_relation_filepath"});
    add(kArgumentType, {"min", "max", "coalesce", "greatest", "least", "nullif", "abs", "round", "ceil", "ceiling", "floor", "trunc", "mod", "lag", "lead", "first_value",
                        "last_value", "nth_value", "generate_series", "sum", "avg", "date_trunc", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp",
                        "var_pop", "percentile_disc", "mode", "ifnull"});
    // What the translation calls (sql_translator.hpp): views are kept in its words.
    add(kInt2, {"pg_int2"});
    add(kOid, {"pg_oid"});
    add(kFloat4, {"pg_float4"});
    add(kFloat8, {"pg_float8", "pg_random", "pg_date_part", "pg_percentile_cont"});
    add(kNumeric, {"pg_numeric", "pg_extract"});
    add(kTimestampTz, {"pg_timestamptz"});
    add(kTimestamp, {"pg_timestamp"});
    add(kDate, {"pg_date"});
    add(kInterval, {"pg_interval", "pg_times", "pg_over"});
    add(kText, {"pg_left", "pg_right", "pg_string_agg", "pg_string_set", "pg_limit_length", "pg_bool_text", "pg_shown_numeric"});
    add(kTextArray, {"pg_array"});
    add(kArgumentType, {"pg_greatest", "pg_least", "pg_divisor", "pg_percentile_disc", "pg_even", "pg_shown"});
    return types;
  }();
  const auto found = kTypes.find(name);
  return found == kTypes.end() ? 0 : found->second;
}

std::int32_t modifier_of_declaration(std::string_view declared) {
  const std::size_t open = declared.find('(');
  if (open == std::string_view::npos) return -1;
  int first = 0, second = 0;
  const char* end = declared.data() + declared.size();
  const char* at = declared.data() + open + 1;
  while (at < end && *at == ' ') ++at;
  const auto [after, ec] = std::from_chars(at, end, first);
  if (ec != std::errc() || first < 0 || first > 10'485'760) return -1;
  const bool numeric = declared.starts_with("numeric") || declared.starts_with("decimal") || declared.starts_with("NUMERIC");
  if (!numeric) return first + 4;
  at = after;
  while (at < end && (*at == ' ' || *at == ',')) ++at;
  std::from_chars(at, end, second);
  return first > 1000 || second < 0 || second > 1000 ? -1 : (first << 16 | second) + 4;
}

}  // namespace chaos::pg
