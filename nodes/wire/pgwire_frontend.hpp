// What a PostgreSQL client sends: read by the server roles, written by their clients.
// Source: PostgreSQL 15 documentation, 55.2.1 "Start-up", 55.2.3 "Extended Query" and 55.7 "Message Formats".
#pragma once

#include "wire/pgwire.hpp"

#include <utility>
#include <variant>
#include <vector>

namespace chaos::pg {

inline constexpr std::int32_t kProtocol3 = 196608;          // 3.0
inline constexpr std::int32_t kCancelCode = 80877102;       // CancelRequest
inline constexpr std::int32_t kSslCode = 80877103;          // SSLRequest
inline constexpr std::int32_t kGssCode = 80877104;          // GSSENCRequest

/// A packet of the startup phase. Which fields count depends on `code`.
struct StartupPacket {
  std::int32_t code = 0;
  std::vector<std::pair<std::string, std::string>> parameters;   // of a StartupMessage
  std::int32_t pid = 0;                                          // of a CancelRequest
  std::int32_t secret = 0;

  int major() const { return code >> 16; }
  std::string_view get(std::string_view name) const;             // empty when not sent
};
bool parse_startup(std::string_view body, StartupPacket& out);

struct Query { std::string_view sql; };
struct Parse {
  std::string_view name;
  std::string_view sql;
  std::vector<std::int32_t> types;                               // 0: to be inferred
};
struct Bind {
  std::string_view portal;
  std::string_view statement;
  std::vector<std::int16_t> formats;                             // none: all text; one: for all
  std::vector<std::optional<std::string_view>> values;
  std::vector<std::int16_t> result_formats;                      // the same

  std::int16_t format(std::size_t i) const;
};
/// kind: 'S' a prepared statement, 'P' a portal.
struct Describe { char kind; std::string_view name; };
struct Close { char kind; std::string_view name; };
struct Execute { std::string_view portal; std::int32_t max_rows; };   // 0: all
struct Sync {};
struct Flush {};
struct Terminate {};
struct CopyData { std::string_view bytes; };
struct CopyDone {};
struct CopyFail { std::string_view why; };
/// 'p': SASLInitialResponse, SASLResponse; read by parse_sasl_initial.
struct Password { std::string_view bytes; };
struct Unknown { char type; };

/// Views into the message's body.
using Frontend = std::variant<Unknown, Query, Parse, Bind, Describe, Execute, Close, Sync, Flush, Terminate, CopyData,
                              CopyDone, CopyFail, Password>;
/// False when the body is not of the form that its type demands. A type that is not known gives Unknown.
bool parse_frontend(const Message& message, Frontend& out);
/// The format of result column i by Bind's rule: none: text, one: for all, else one each.
std::int16_t format_of(const std::vector<std::int16_t>& formats, std::size_t i);

/// The mechanism's name and the client's first message; false: malformed.
bool parse_sasl_initial(std::string_view body, std::string_view& mechanism, std::string_view& data);

// The client's side, appended to `out`. Bind takes and asks for text format.
void append_startup(std::string& out, const std::vector<std::pair<std::string, std::string>>& parameters);
void append_cancel(std::string& out, std::int32_t pid, std::int32_t secret);
void append_sasl_initial(std::string& out, std::string_view mechanism, std::string_view data);
void append_sasl_response(std::string& out, std::string_view data);
void append_query(std::string& out, std::string_view sql);
void append_parse(std::string& out, std::string_view name, std::string_view sql);
void append_bind(std::string& out, std::string_view statement, const std::vector<std::optional<std::string>>& values);
void append_describe(std::string& out, char kind, std::string_view name);
void append_execute(std::string& out);
void append_close(std::string& out, char kind, std::string_view name);
void append_sync(std::string& out);
void append_terminate(std::string& out);

}  // namespace chaos::pg
