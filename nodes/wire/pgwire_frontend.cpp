#include "wire/pgwire_frontend.hpp"

namespace chaos::pg {

namespace {

bool read_formats(Reader& reader, std::vector<std::int16_t>& out) {
  const int count = reader.int16();
  for (int i = 0; i < count && reader.ok(); ++i) out.push_back(reader.int16());
  return reader.ok() && count >= 0;
}

bool read_parse(Reader& reader, Frontend& out) {
  Parse parse{reader.text(), reader.text(), {}};
  const int count = reader.int16();
  for (int i = 0; i < count && reader.ok(); ++i) parse.types.push_back(reader.int32());
  out = std::move(parse);
  return reader.done() && count >= 0;
}

bool read_bind(Reader& reader, Frontend& out) {
  Bind bind;
  bind.portal = reader.text();
  bind.statement = reader.text();
  if (!read_formats(reader, bind.formats)) return false;
  const int count = static_cast<std::uint16_t>(reader.int16());
  for (int i = 0; i < count && reader.ok(); ++i) bind.values.push_back(reader.value());
  if (!read_formats(reader, bind.result_formats)) return false;
  const bool formats_fit = bind.formats.size() <= 1 || bind.formats.size() == bind.values.size();
  out = std::move(bind);
  return reader.done() && formats_fit;
}

template <class T>
bool read_named(Reader& reader, Frontend& out) {
  const char kind = static_cast<char>(reader.byte());
  out = T{kind, reader.text()};
  return reader.done() && (kind == 'S' || kind == 'P');
}

template <class T>
bool read_text(Reader& reader, Frontend& out) {
  out = T{reader.text()};
  return reader.done();
}

template <class T>
bool read_empty(Reader& reader, Frontend& out) {
  out = T{};
  return reader.done();
}

}  // namespace

std::string_view StartupPacket::get(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

bool parse_startup(std::string_view body, StartupPacket& out) {
  Reader reader(body);
  out = {};
  out.code = reader.int32();
  if (out.code == kSslCode || out.code == kGssCode) return reader.done();
  if (out.code == kCancelCode) {
    out.pid = reader.int32();
    out.secret = reader.int32();
    return reader.done();
  }
  if (out.major() != 3) return reader.ok();   // the server names the version it has; the rest has no known form
  for (std::string_view name = reader.text(); !name.empty(); name = reader.text()) {
    const std::string_view value = reader.text();
    out.parameters.emplace_back(name, value);
  }
  return reader.done();
}

std::int16_t format_of(const std::vector<std::int16_t>& formats, std::size_t i) {
  if (formats.empty()) return 0;
  if (formats.size() == 1) return formats[0];
  return i < formats.size() ? formats[i] : std::int16_t{0};
}

std::int16_t Bind::format(std::size_t i) const { return format_of(formats, i); }

bool parse_frontend(const Message& message, Frontend& out) {
  Reader reader(message.body);
  switch (message.type) {
    case 'Q': return read_text<Query>(reader, out);
    case 'P': return read_parse(reader, out);
    case 'B': return read_bind(reader, out);
    case 'D': return read_named<Describe>(reader, out);
    case 'C': return read_named<Close>(reader, out);
    case 'S': return read_empty<Sync>(reader, out);
    case 'H': return read_empty<Flush>(reader, out);
    case 'X': return read_empty<Terminate>(reader, out);
    case 'c': return read_empty<CopyDone>(reader, out);
    case 'f': return read_text<CopyFail>(reader, out);
    case 'p': out = Password{message.body}; return true;
    case 'd': out = CopyData{message.body}; return true;
    case 'E': {
      Execute execute{reader.text(), 0};
      execute.max_rows = reader.int32();
      out = execute;
      return reader.done();
    }
    default: out = Unknown{message.type}; return true;
  }
}

void append_startup(std::string& out, const std::vector<std::pair<std::string, std::string>>& parameters) {
  Writer message(out, 0);
  message.int32(kProtocol3);
  for (const auto& [name, value] : parameters) message.text(name).text(value);
  message.byte(0);
}

void append_cancel(std::string& out, std::int32_t pid, std::int32_t secret) {
  Writer(out, 0).int32(kCancelCode).int32(pid).int32(secret);
}

bool parse_sasl_initial(std::string_view body, std::string_view& mechanism, std::string_view& data) {
  Reader reader(body);
  mechanism = reader.text();
  const auto value = reader.value();
  data = value.value_or(std::string_view{});
  return reader.done();
}

void append_sasl_initial(std::string& out, std::string_view mechanism, std::string_view data) { Writer(out, 'p').text(mechanism).value(data); }
void append_sasl_response(std::string& out, std::string_view data) { Writer(out, 'p').bytes(data); }

void append_query(std::string& out, std::string_view sql) { Writer(out, 'Q').text(sql); }

void append_parse(std::string& out, std::string_view name, std::string_view sql) {
  Writer(out, 'P').text(name).text(sql).int16(0);
}

void append_bind(std::string& out, std::string_view statement, const std::vector<std::optional<std::string>>& values) {
  Writer message(out, 'B');
  message.text("").text(statement).int16(0).int16(static_cast<std::int16_t>(values.size()));
  for (const auto& value : values) message.value(value);
  message.int16(0);
}

void append_describe(std::string& out, char kind, std::string_view name) {
  Writer(out, 'D').byte(static_cast<std::uint8_t>(kind)).text(name);
}

void append_execute(std::string& out) { Writer(out, 'E').text("").int32(0); }

void append_close(std::string& out, char kind, std::string_view name) {
  Writer(out, 'C').byte(static_cast<std::uint8_t>(kind)).text(name);
}

void append_sync(std::string& out) { Writer(out, 'S').bytes({}); }
void append_terminate(std::string& out) { Writer(out, 'X').bytes({}); }

}  // namespace chaos::pg
