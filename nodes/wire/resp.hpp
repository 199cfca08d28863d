// RESP, the Redis serialization protocol: values, and the commands that a client sends.
// Source: https://redis.io/docs/latest/develop/reference/protocol-spec/ ("RESP protocol description").
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::resp {

enum class Kind {
  simple,      // +OK            text
  error,       // -ERR what      text, without the '-'
  integer,     // :1             integer
  bulk,        // $3 foo         text
  array,       // *2             items
  nil,         // $-1, *-1, _
  boolean,     // #t             integer 0 or 1
  number,      // ,1.5           text, as sent (a RESP3 double)
  big_number,  // (123           text
  verbatim,    // =7 txt:foo     text, without the format and its colon
  map,         // %1             items: key, value, key, value
  set,         // ~2             items
  push,        // >2             items; not an answer to a command
};

struct Value {
  Kind kind = Kind::nil;
  std::string text;
  std::int64_t integer = 0;
  std::vector<Value> items;

  bool is_error() const { return kind == Kind::error; }
  bool is_nil() const { return kind == Kind::nil; }
  bool operator==(const Value&) const = default;
};

/// What a decoder takes at most; more is a protocol error.
struct Limits {
  std::size_t max_line = 64 * 1024;            // an inline command or a length line (Redis: PROTO_INLINE_MAX_SIZE)
  std::size_t max_bulk = 4 * 1024 * 1024;      // one string
  std::size_t max_items = 64 * 1024;           // arguments of a command; elements of a reply, nested ones too
  std::size_t max_total = 16 * 1024 * 1024;    // all strings of one command or reply
  std::size_t max_depth = 16;                  // nested aggregates of a reply
};

enum class Progress { more, ready, malformed };

/// A command as a client sends it: an array of bulk strings.
void append_command(std::string& out, const std::vector<std::string>& args);

/// A signed 64-bit decimal without sign '+', blanks or leading zeros, as Redis takes numbers ("string2ll").
bool parse_integer(std::string_view text, std::int64_t& out);

}  // namespace chaos::resp
