// Values as text and back: to_char, to_timestamp, format, quoting, digests, chance.
// Source: PostgreSQL 15 documentation, 9.4.1 "format", 9.8 and 9.14.
#include "postgres/base/pg_interval.hpp"
#include "postgres/base/pg_time.hpp"
#include "postgres/base/to_char.hpp"
#include "postgres/functions/function_tools.hpp"
#include "postgres/sql/sql_token.hpp"
#include "postgres/sql/sql_types.hpp"
#include "wire/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace chaos::pg {

namespace {

using Context = FunctionContext;
using Values = FunctionValues;

void to_char(Context context, int, Values values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string pattern(text_of(values[1]));
  if (!is_text(values[0])) return answer(context, number_to_char(sqlite3_value_double(values[0]), pattern));
  if (const auto us = parse_timestamp(text_of(values[0]))) return answer(context, time_to_char(*us, pattern));
  const auto interval = read_interval(text_of(values[0]));
  if (!interval) return fail_with(context, "42883", "function to_char(unknown, unknown) is not unique");
  answer(context, time_to_char(static_cast<std::int64_t>(interval->us + interval->days * 86'400'000'000LL), pattern));
}

// to_timestamp(seconds since 1970)
void to_timestamp(Context context, int, Values values) {
  if (is_null(values[0])) return;
  const double seconds = sqlite3_value_double(values[0]);
  if (!(std::fabs(seconds) < 2.5e11)) return fail_with(context, "22008", "timestamp out of range: \"" + std::to_string(seconds) + "\"");
  answer(context, format_timestamp(std::llround(seconds * 1e6)));
}

std::string identifier(std::string_view text) {
  static constexpr std::array<std::string_view, 24> kReserved{"all", "and", "any", "as", "case", "column", "create", "default", "desc", "distinct", "else", "end",
                                                              "from", "group", "in", "limit", "not", "null", "order", "select", "table", "user", "where", "when"};
  const bool plain = !text.empty() && (text[0] == '_' || (text[0] >= 'a' && text[0] <= 'z')) &&
                     std::all_of(text.begin(), text.end(), [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  return plain && std::find(kReserved.begin(), kReserved.end(), text) == kReserved.end() ? std::string(text) : quote_name(text);
}

std::string literal(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return quote_text(text);
  std::string doubled;
  for (const char c : text) doubled.append(c == '\\' ? 2 : 1, c);
  return "E" + quote_text(doubled);
}

void quote_ident(Context context, int, Values values) {
  if (!is_null(values[0])) answer(context, identifier(text_of(values[0])));
}
void quote_literal(Context context, int, Values values) {
  if (!is_null(values[0])) answer(context, literal(text_of(values[0])));
}
void quote_nullable(Context context, int, Values values) { answer(context, is_null(values[0]) ? "NULL" : literal(text_of(values[0]))); }

// format('%s %I %L %%', ...)
void format(Context context, int count, Values values) {
  if (count == 0 || is_null(values[0])) return;
  const std::string_view pattern = text_of(values[0]);
  std::string out;
  int next = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      out.push_back(pattern[i]);
      continue;
    }
    const char kind = pattern[++i];
    if (kind == '%') {
      out.push_back('%');
      continue;
    }
    if (kind != 's' && kind != 'I' && kind != 'L') return fail_with(context, "22023", std::string("unrecognized format() type specifier \"") + kind + "\"");
    if (next >= count) return fail_with(context, "22023", "too few arguments for format()");
    sqlite3_value* value = values[next++];
    if (kind == 'I' && is_null(value)) return fail_with(context, "22004", "null values cannot be formatted as an SQL identifier");
    out += kind == 's' ? std::string(text_of(value)) : kind == 'I' ? identifier(text_of(value)) : is_null(value) ? "NULL" : literal(text_of(value));
  }
  answer(context, out);
}

void digest(Context context, sqlite3_value* value, const EVP_MD* method, bool as_text) {
  if (is_null(value)) return;
  std::array<unsigned char, EVP_MAX_MD_SIZE> room;
  unsigned size = 0;
  const std::string_view text = text_of(value);
  EVP_Digest(text.data(), text.size(), room.data(), &size, method, nullptr);
  if (as_text) answer(context, hex_text({reinterpret_cast<const char*>(room.data()), size}));
  else sqlite3_result_blob(context, room.data(), static_cast<int>(size), SQLITE_TRANSIENT);
}
void md5(Context context, int, Values values) { digest(context, values[0], EVP_md5(), true); }
void sha256(Context context, int, Values values) { digest(context, values[0], EVP_sha256(), false); }

void to_hex(Context context, int, Values values) {
  if (is_null(values[0])) return;
  char text[20];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(sqlite3_value_int64(values[0])));
  answer(context, text);
}

void encode(Context context, int, Values values) {
  if (is_null(values[0])) return;
  const auto* data = static_cast<const char*>(sqlite3_value_blob(values[0]));
  const std::string_view bytes(data ? data : "", static_cast<std::size_t>(sqlite3_value_bytes(values[0])));
  const std::string_view method = text_of(values[1]);
  if (method == "hex") return answer(context, hex_text(bytes));
  if (method != "base64") return fail_with(context, "22023", "unrecognized encoding: \"" + std::string(method) + "\"");
  answer(context, base64_encode(bytes));
}

void random_unit(Context context, int, Values) {
  std::uint64_t bits = 0;
  sqlite3_randomness(sizeof bits, &bits);
  sqlite3_result_double(context, static_cast<double>(bits >> 11) * 0x1.0p-53);
}

void random_uuid(Context context, int, Values) {
  std::array<unsigned char, 16> b;
  sqlite3_randomness(static_cast<int>(b.size()), b.data());
  b[6] = static_cast<unsigned char>((b[6] & 0x0f) | 0x40);
  b[8] = static_cast<unsigned char>((b[8] & 0x3f) | 0x80);
  std::string text = hex_text({reinterpret_cast<const char*>(b.data()), b.size()});
  for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
  answer(context, text);
}

constexpr FunctionEntry kPure[] = {
    {"to_char", 2, to_char}, {"to_timestamp", 1, to_timestamp}, {"quote_ident", 1, quote_ident}, {"quote_literal", 1, quote_literal},
    {"quote_nullable", 1, quote_nullable}, {"format", -1, format}, {"md5", 1, md5}, {"sha256", 1, sha256}, {"to_hex", 1, to_hex}, {"encode", 2, encode},
};

}  // namespace

void register_format_functions(Handle& handle) {
  register_pure(handle, kPure, std::size(kPure));
  sqlite3_create_function_v2(handle.db(), "pg_random", 0, SQLITE_UTF8, nullptr, random_unit, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(handle.db(), "gen_random_uuid", 0, SQLITE_UTF8, nullptr, random_uuid, nullptr, nullptr, nullptr);
}

}  // namespace chaos::pg
