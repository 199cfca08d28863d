// What a server's agent answers (HAProxy 2.6 configuration manual, section 5.2, agent-check).
#pragma once

#include "lb/health.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos {

/// What a line changes; what it does not name stays as it is.
struct AgentReply {
  enum class Health { same, up, down };
  Health health = Health::same;               // "up"; "down", "fail" and "stopped"
  std::optional<AdminState> admin;            // "ready", "drain", "maint"
  std::optional<std::uint64_t> percent;       // "75%", of the first weight
  std::optional<std::size_t> max_connections; // "maxconn:30"; 0: no limit
  std::string told;                           // what the statistics say of it (last_agt)
};

/// An answer that is longer than this is not read on.
inline constexpr std::size_t kMaxAgentAnswer = 512;

/// The first line of what came, without its end (LF or CR); nullopt while that has not come.
std::optional<std::string_view> agent_line(std::string_view received);

/// Words stand between blanks, tabs or commas, in letters of any case; of several of one kind the last counts. From a word
/// that begins with '#' on it is why. What is no word or no number changes nothing and is told. Pure.
AgentReply read_agent_line(std::string_view line);

/// A percentage of a first weight, at most 256.
unsigned relative_weight(unsigned first, std::uint64_t percent);

}  // namespace chaos
