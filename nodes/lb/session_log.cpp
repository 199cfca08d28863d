#include "lb/session_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace chaos {

namespace {

constexpr std::size_t kKept = 512;
constexpr std::size_t kMaxTarget = 256;

std::string ms(const std::optional<RealDuration>& took) { return took ? std::to_string(static_cast<std::int64_t>(to_ms(*took))) : "-1"; }

// Whatever a client sent stays on its line.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kMaxTarget)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '"') out += fmt::format("#{:02X}", byte);
    else out.push_back(c);
  }
  return out;
}

}  // namespace

std::string log_time(std::chrono::system_clock::time_point at) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
  return fmt::format("{:%d/%b/%Y:%H:%M:%S}.{:03}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)), since % 1000);
}

std::string log_line(const Stream& s, const SessionEnd& end) {
  return fmt::format("{} [{}] fe be/{} 0/{}/{}/{}/{} {} {} - - {}-- {}/{}/{}/{}/{}{} 0/0 \"{} {} HTTP/1.1\"", s.remote, log_time(s.wall), end.server, ms(s.queued),
                     ms(s.connect), ms(s.answer), static_cast<std::int64_t>(to_ms(end.total)), end.status, end.bytes, s.end.text(), end.connections,
                     end.frontend_requests, end.backend_requests, end.server_requests, s.moved ? "+" : "", s.retries, printable(s.method), printable(s.target));
}

void SessionLog::add(std::string line) {
  lines_.push_back(std::move(line));
  if (lines_.size() > kKept) lines_.pop_front();
}

}  // namespace chaos
