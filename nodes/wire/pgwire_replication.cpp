#include "wire/pgwire_replication.hpp"

#include <charconv>
#include <cstdio>

namespace chaos::pg {

namespace {

constexpr std::int64_t kPgEpoch = 946'684'800'000'000;      // 2000-01-01, microseconds since 1970

bool read_half(std::string_view text, std::uint64_t& out) {
  if (text.empty() || text.size() > 8) return false;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return ec == std::errc() && end == text.data() + text.size();
}

std::int64_t signed_lsn(Lsn lsn) { return static_cast<std::int64_t>(lsn); }

}  // namespace

std::string format_lsn(Lsn lsn) {
  char text[32];
  const int n = std::snprintf(text, sizeof text, "%X/%X", static_cast<unsigned>(lsn >> 32), static_cast<unsigned>(lsn));
  return {text, static_cast<std::size_t>(n)};
}

std::string wal_file_name(int timeline, Lsn lsn) {
  constexpr Lsn kSegment = 16 * 1024 * 1024, kInAFile = 0x100000000 / kSegment;
  const Lsn segment = (lsn == 0 ? 0 : lsn - 1) / kSegment;
  char text[40];
  const int n = std::snprintf(text, sizeof text, "%08X%08X%08X", static_cast<unsigned>(timeline), static_cast<unsigned>(segment / kInAFile), static_cast<unsigned>(segment % kInAFile));
  return {text, static_cast<std::size_t>(n)};
}

std::optional<Lsn> parse_lsn(std::string_view text) {
  const std::size_t slash = text.find('/');
  std::uint64_t high = 0, low = 0;
  if (slash == std::string_view::npos || !read_half(text.substr(0, slash), high)) return std::nullopt;
  if (!read_half(text.substr(slash + 1), low)) return std::nullopt;
  return high << 32 | low;
}

std::int64_t to_pg_time(std::int64_t unix_us) { return unix_us - kPgEpoch; }
// A peer may send any number: what is out of range is time 0.
std::int64_t from_pg_time(std::int64_t pg_us) { return pg_us > INT64_MAX - kPgEpoch ? 0 : pg_us + kPgEpoch; }

void append_xlog_data(std::string& out, const XLogData& data) {
  Writer message(out, 'd');
  message.byte('w').int64(signed_lsn(data.start)).int64(signed_lsn(data.end)).int64(data.time).bytes(data.bytes);
}

void append_keepalive(std::string& out, const Keepalive& keepalive) {
  Writer(out, 'd').byte('k').int64(signed_lsn(keepalive.end)).int64(keepalive.time).byte(keepalive.reply_now);
}

void append_standby_status(std::string& out, const StandbyStatus& status) {
  Writer message(out, 'd');
  message.byte('r').int64(signed_lsn(status.written)).int64(signed_lsn(status.flushed)).int64(signed_lsn(status.applied));
  message.int64(status.time).byte(status.reply_now);
}

bool parse_xlog_data(std::string_view payload, XLogData& out) {
  Reader reader(payload);
  if (reader.byte() != 'w') return false;
  out.start = static_cast<Lsn>(reader.int64());
  out.end = static_cast<Lsn>(reader.int64());
  out.time = reader.int64();
  out.bytes = reader.rest();
  return reader.ok();
}

bool parse_keepalive(std::string_view payload, Keepalive& out) {
  Reader reader(payload);
  if (reader.byte() != 'k') return false;
  out.end = static_cast<Lsn>(reader.int64());
  out.time = reader.int64();
  out.reply_now = reader.byte() != 0;
  return reader.done();
}

bool parse_standby_status(std::string_view payload, StandbyStatus& out) {
  Reader reader(payload);
  if (reader.byte() != 'r') return false;
  out.written = static_cast<Lsn>(reader.int64());
  out.flushed = static_cast<Lsn>(reader.int64());
  out.applied = static_cast<Lsn>(reader.int64());
  out.time = reader.int64();
  out.reply_now = reader.byte() != 0;
  return reader.done();
}

}  // namespace chaos::pg
