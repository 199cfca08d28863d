// HELP of a container.
#pragma once

#include "redis/command.hpp"

#include <initializer_list>

namespace chaos::redis {

/// lines: usage, and what it does behind four blanks.
inline void answer_help(Call& call, std::string_view container, std::initializer_list<std::string_view> lines) {
  call.out.array(lines.size() + 3);
  call.out.simple(std::string(container) + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
  for (const auto line : lines) call.out.simple(line);
  call.out.simple("HELP");
  call.out.simple("    Prints this help.");
}

}  // namespace chaos::redis
