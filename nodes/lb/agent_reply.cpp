#include "lb/agent_reply.hpp"

#include "wire/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace chaos {

namespace {

constexpr std::uint64_t kMaxWeight = 256;
constexpr std::uint64_t kMaxPercent = 100 * kMaxWeight;
constexpr std::uint64_t kMaxLimit = 1'000'000;
constexpr std::string_view kBetweenWords = " \t,";
constexpr std::string_view kLimit = "maxconn:";

bool digit(char c) { return c >= '0' && c <= '9'; }

// It goes into tables, pages and JSON.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

// The number that all of the text is, at most `most`.
std::optional<std::uint64_t> number(std::string_view text, std::uint64_t most) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), digit)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  return bad == std::errc{} ? std::min(value, most) : most;
}

struct Reading {
  AgentReply reply;
  std::string health_word;
  std::string error;      // the first word that is none
  std::string warning;    // the first number that is none

  void warn(std::string_view text) {
    if (warning.empty()) warning = text;
  }
  void take(std::string_view word);
  bool take_health(std::string_view word, const std::string& lowered);
  bool take_admin(const std::string& lowered);
  void take_limit(std::string_view text);
  void tell(std::string_view why);
};

bool Reading::take_health(std::string_view word, const std::string& lowered) {
  const bool up = lowered == "up";
  if (!up && lowered != "down" && lowered != "fail" && lowered != "stopped") return false;
  reply.health = up ? AgentReply::Health::up : AgentReply::Health::down;
  health_word = word;
  return true;
}

bool Reading::take_admin(const std::string& lowered) {
  if (lowered == "ready") reply.admin = AdminState::ready;
  else if (lowered == "drain") reply.admin = AdminState::drain;
  else if (lowered == "maint") reply.admin = AdminState::maint;
  else return false;
  return true;
}

void Reading::take_limit(std::string_view text) {
  const auto most = number(text, kMaxLimit);
  if (most) reply.max_connections = static_cast<std::size_t>(*most);
  else if (!text.empty() && digit(text.front())) warn("Trailing garbage in maxconn string");
  else warn("maxconn string empty or preceded by garbage");
}

void Reading::take(std::string_view word) {
  const std::string lowered = lower(word);
  if (take_health(word, lowered) || take_admin(lowered)) return;
  if (lowered.starts_with(kLimit)) return take_limit(word.substr(kLimit.size()));
  if (digit(word.front()) && word.find('%') != std::string_view::npos) {
    const auto percent = number(word.substr(0, word.size() - 1), kMaxPercent);
    if (percent && word.back() == '%') reply.percent = *percent;
    else warn("Trailing garbage in weight string");
    return;
  }
  if (error.empty()) error = printable(word);
}

// HAProxy's words. Why a server is down is never pushed aside by what else was wrong.
void Reading::tell(std::string_view why) {
  const std::string& odd = error.empty() ? warning : error;
  if (reply.health == AgentReply::Health::same) {
    if (!odd.empty()) reply.told = (error.empty() ? "agent warns : " : "agent reports an error : ") + odd;
    return;
  }
  const bool room = why.empty() || reply.health == AgentReply::Health::up;
  const std::string message = room && !odd.empty() ? odd : printable(why);
  reply.told = "via agent : " + health_word + (message.empty() ? "" : " (" + message + ")");
}

}  // namespace

std::optional<std::string_view> agent_line(std::string_view received) {
  const auto end = received.find_first_of("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  return received.substr(0, end);
}

AgentReply read_agent_line(std::string_view line) {
  Reading reading;
  std::string_view why;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(kBetweenWords), line.size()));
    if (line.empty()) break;
    if (line.front() == '#') {
      why = line.substr(1);
      why.remove_prefix(std::min(why.find_first_not_of(" \t"), why.size()));
      break;
    }
    const auto end = std::min(line.find_first_of(kBetweenWords), line.size());
    reading.take(line.substr(0, end));
    line.remove_prefix(end);
  }
  reading.tell(why);
  return std::move(reading.reply);
}

unsigned relative_weight(unsigned first, std::uint64_t percent) {
  return static_cast<unsigned>(std::min(kMaxWeight, std::uint64_t{first} * std::min(percent, kMaxPercent) / 100));
}

}  // namespace chaos
