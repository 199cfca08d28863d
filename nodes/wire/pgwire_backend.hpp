// What a PostgreSQL server sends: written by the server roles, read by their clients.
// Source: PostgreSQL 15 documentation, 55.7 "Message Formats" and 55.8 "Error and Notice Message Fields".
#pragma once

#include "wire/pgwire.hpp"

#include <vector>

namespace chaos::pg {

/// Object ids of built-in types (pg_type.dat).
namespace oid {
inline constexpr std::int32_t kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kOid = 26,
                              kFloat4 = 700, kFloat8 = 701, kUnknown = 705, kVarchar = 1043, kDate = 1082, kTime = 1083,
                              kTimestamp = 1114, kTimestampTz = 1184, kInterval = 1186, kNumeric = 1700, kInet = 869,
                              kPgLsn = 3220, kName = 19, kJson = 114, kUuid = 2950, kBpchar = 1042, kJsonb = 3802, kVoid = 2278,
                              kInt4Array = 1007, kInt8Array = 1016, kTextArray = 1009;
}

struct Column {
  std::string name;
  std::int32_t type = oid::kText;
  std::int16_t format = 0;      // 0 text, 1 binary
  std::int32_t modifier = -1;   // pg_attribute.atttypmod
  int scale = -1;               // of a numeric: digits behind the point; -1: as many as it has. Not sent
};

/// ErrorResponse and NoticeResponse, by their fields S/V, C, M, D, H, P, W, s, t, c, n.
struct ServerError {
  std::string severity = "ERROR";    // ERROR, FATAL, NOTICE, WARNING
  std::string sqlstate = "XX000";
  std::string message;
  std::string detail;
  std::string hint;
  int position = 0;                  // 1-based, in characters of the query; 0: none
  std::string context;
  std::string table;                 // of a constraint: its table, column and name
  std::string column;
  std::string constraint;
};

enum class TransactionState : char { idle = 'I', open = 'T', failed = 'E' };

// Messages of the server, appended to `out`.
void append_authentication_ok(std::string& out);
/// AuthenticationSASL with its one mechanism, AuthenticationSASLContinue (11) and ...Final (12).
void append_sasl(std::string& out, std::string_view mechanism);
void append_sasl_step(std::string& out, std::int32_t step, std::string_view data);
void append_parameter_status(std::string& out, std::string_view name, std::string_view value);
void append_backend_key(std::string& out, std::int32_t pid, std::int32_t secret);
void append_ready(std::string& out, TransactionState state);
void append_row_description(std::string& out, const std::vector<Column>& columns);
void append_parameter_description(std::string& out, const std::vector<std::int32_t>& types);
void append_command_complete(std::string& out, std::string_view tag);
void append_error(std::string& out, const ServerError& error);      // severity NOTICE or WARNING: a NoticeResponse
/// Messages without a body: '1' ParseComplete, '2' BindComplete, '3' CloseComplete, 'n' NoData, 'I' EmptyQueryResponse,
/// 's' PortalSuspended, 'c' CopyDone.
void append_empty(std::string& out, char type);
/// CopyInResponse 'G', CopyOutResponse 'H', CopyBothResponse 'W'. format: 0 text, 1 binary, of all columns.
void append_copy_response(std::string& out, char type, int format = 1, std::size_t columns = 0);
void append_copy_data(std::string& out, std::string_view bytes);

// The client's side. False when the body is not of that form.
bool parse_error(std::string_view body, ServerError& out);
bool parse_row_description(std::string_view body, std::vector<Column>& out);
bool parse_data_row(std::string_view body, std::vector<std::optional<std::string>>& out);
/// AuthenticationXXX: the method's number, 0 is Ok; what follows it is in `data`.
bool parse_authentication(std::string_view body, std::int32_t& method, std::string_view& data);

}  // namespace chaos::pg
