#include "wire/pgwire_backend.hpp"

#include <charconv>

namespace chaos::pg {

void append_authentication_ok(std::string& out) { Writer(out, 'R').int32(0); }

void append_sasl(std::string& out, std::string_view mechanism) { Writer(out, 'R').int32(10).text(mechanism).byte(0); }
void append_sasl_step(std::string& out, std::int32_t step, std::string_view data) { Writer(out, 'R').int32(step).bytes(data); }

void append_parameter_status(std::string& out, std::string_view name, std::string_view value) {
  Writer(out, 'S').text(name).text(value);
}

void append_backend_key(std::string& out, std::int32_t pid, std::int32_t secret) {
  Writer(out, 'K').int32(pid).int32(secret);
}

void append_ready(std::string& out, TransactionState state) { Writer(out, 'Z').byte(static_cast<std::uint8_t>(state)); }

namespace {

// pg_type.typlen; -1: variable.
std::int16_t type_size(std::int32_t type) {
  switch (type) {
    case oid::kBool: return 1;
    case oid::kInt2: return 2;
    case oid::kInt4: case oid::kOid: case oid::kFloat4: case oid::kDate: case oid::kVoid: return 4;
    case oid::kInt8: case oid::kFloat8: case oid::kTimestamp: case oid::kTimestampTz: case oid::kTime: case oid::kPgLsn: return 8;
    case oid::kInterval: case oid::kUuid: return 16;
    case oid::kName: return 64;
    default: return -1;
  }
}

}  // namespace

void append_row_description(std::string& out, const std::vector<Column>& columns) {
  Writer message(out, 'T');
  message.int16(static_cast<std::int16_t>(columns.size()));
  for (const Column& column : columns) {
    // No table and attribute numbers.
    message.text(column.name).int32(0).int16(0).int32(column.type).int16(type_size(column.type)).int32(column.modifier).int16(column.format);
  }
}

void append_parameter_description(std::string& out, const std::vector<std::int32_t>& types) {
  Writer message(out, 't');
  message.int16(static_cast<std::int16_t>(types.size()));
  for (const std::int32_t type : types) message.int32(type);
}

void append_command_complete(std::string& out, std::string_view tag) { Writer(out, 'C').text(tag); }

void append_error(std::string& out, const ServerError& error) {
  const bool notice = error.severity == "NOTICE" || error.severity == "WARNING";
  Writer message(out, notice ? 'N' : 'E');
  message.byte('S').text(error.severity).byte('V').text(error.severity).byte('C').text(error.sqlstate);
  message.byte('M').text(error.message);
  if (!error.detail.empty()) message.byte('D').text(error.detail);
  if (!error.hint.empty()) message.byte('H').text(error.hint);
  if (error.position > 0) message.byte('P').text(std::to_string(error.position));
  if (!error.context.empty()) message.byte('W').text(error.context);
  if (!error.table.empty()) message.byte('s').text("public").byte('t').text(error.table);
  if (!error.column.empty()) message.byte('c').text(error.column);
  if (!error.constraint.empty()) message.byte('n').text(error.constraint);
  message.byte(0);
}

void append_empty(std::string& out, char type) { Writer(out, type).bytes({}); }

void append_copy_response(std::string& out, char type, int format, std::size_t columns) {
  Writer message(out, type);
  message.byte(static_cast<std::uint8_t>(format)).int16(static_cast<std::int16_t>(columns));
  for (std::size_t i = 0; i < columns; ++i) message.int16(static_cast<std::int16_t>(format));
}

void append_copy_data(std::string& out, std::string_view bytes) { Writer(out, 'd').bytes(bytes); }

bool parse_error(std::string_view body, ServerError& out) {
  Reader reader(body);
  out = {};
  for (std::uint8_t field = reader.byte(); field != 0; field = reader.byte()) {
    const std::string_view value = reader.text();
    switch (field) {
      case 'V': out.severity = value; break;
      case 'C': out.sqlstate = value; break;
      case 'M': out.message = value; break;
      case 'D': out.detail = value; break;
      case 'H': out.hint = value; break;
      case 'W': out.context = value; break;
      case 't': out.table = value; break;
      case 'c': out.column = value; break;
      case 'n': out.constraint = value; break;
      case 'P': std::from_chars(value.data(), value.data() + value.size(), out.position); break;
      default: break;   // fields that a client need not know (55.8)
    }
  }
  return reader.ok();
}

bool parse_row_description(std::string_view body, std::vector<Column>& out) {
  Reader reader(body);
  const int count = reader.int16();
  out.clear();
  for (int i = 0; i < count && reader.ok(); ++i) {
    Column column;
    column.name = reader.text();
    reader.bytes(6);
    column.type = reader.int32();
    reader.bytes(6);
    column.format = reader.int16();
    out.push_back(std::move(column));
  }
  return reader.done() && count >= 0;
}

bool parse_data_row(std::string_view body, std::vector<std::optional<std::string>>& out) {
  Reader reader(body);
  const int count = reader.int16();
  out.clear();
  for (int i = 0; i < count && reader.ok(); ++i) {
    const auto value = reader.value();
    if (value) out.emplace_back(std::string(*value));
    else out.emplace_back(std::nullopt);
  }
  return reader.done() && count >= 0;
}

bool parse_authentication(std::string_view body, std::int32_t& method, std::string_view& data) {
  Reader reader(body);
  method = reader.int32();
  data = reader.rest();
  return reader.ok();
}

}  // namespace chaos::pg
