// What a check of a server, or its agent, found: in HAProxy's words (management guide, section 9.1, check_status).
#pragma once

#include "lb/health.hpp"
#include "runtime/units.hpp"

#include <string>
#include <string_view>

namespace chaos {

struct CheckReport {
  CheckResult result = CheckResult::failed;
  std::string_view status = "INI";  // L7OK, L7OKC, L7STS, L7TOUT, L7RSP, L4CON, L4TOUT; of an agent CHECKED and SOCKERR, too
  unsigned code = 0;                // HTTP status; 0: no answer
  RealDuration took{};
  std::string info;                 // what HAProxy adds to it: "Connection refused", the status' own name, an agent's reason
};

/// "Layer7 check passed"; empty for a word that is none.
std::string_view check_description(std::string_view status);
/// HAProxy's own number of it, which `show servers state` tells; 0 for a word that is none.
int check_number(std::string_view status);
/// The server itself answered, so that there is a code to tell.
bool check_answered(std::string_view status);

}  // namespace chaos
