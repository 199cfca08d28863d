// `help`, and what a wrong command is answered with (lb/runtime_api.hpp).
#include "lb/runtime_api.hpp"

#include <algorithm>
#include <numeric>

namespace chaos::runtime_api {

namespace {

using Words = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view usage;
};

constexpr Command kCommands[] = {
    {"clear counters", "clear counters [all]                    : clear max statistics counters (or all counters)"},
    {"clear table", "clear table <table> [<filter>]*         : remove an entry from a table (filter: data/key)"},
    {"disable agent", "disable agent                           : disable agent checks"},
    {"disable frontend", "disable frontend <frontend>             : temporarily disable specific frontend"},
    {"disable health", "disable health                          : disable health checks"},
    {"disable server", "disable server (DEPRECATED)             : disable a server for maintenance (use 'set server' instead)"},
    {"enable agent", "enable agent                            : enable agent checks"},
    {"enable frontend", "enable frontend <frontend>              : re-enable specific frontend"},
    {"enable health", "enable health                           : enable health checks"},
    {"enable server", "enable server  (DEPRECATED)             : enable a disabled server (use 'set server' instead)"},
    {"get weight", "get weight <bk>/<srv>                   : report a server's current weight"},
    {"set maxconn frontend", "set maxconn frontend <frontend> <value> : change a frontend's maxconn setting"},
    {"set maxconn global", "set maxconn global <value>              : change the per-process maxconn setting"},
    {"set maxconn server", "set maxconn server <bk>/<srv>           : change a server's maxconn setting"},
    {"set server", "set server <bk>/<srv> [opts]            : change a server's state, weight, address or ssl"},
    {"set timeout", "set timeout [cli] <delay>               : change a timeout setting"},
    {"set weight", "set weight <bk>/<srv>  (DEPRECATED)     : change a server's weight (use 'set server' instead)"},
    {"show backend", "show backend                            : list backends in the current running config"},
    {"show cli level", "show cli level                          : display the level of the current CLI session"},
    {"show errors", "show errors [<px>] [request|response]   : report last request and/or response errors for each proxy"},
    {"show events", "show events [<sink>] [-w] [-n]          : show event sink state"},
    {"show info", "show info [desc|json|typed|float]*      : report information about the running process"},
    {"show servers conn", "show servers conn [<backend>]           : dump server connections status (all or for a single backend)"},
    {"show servers state", "show servers state [<backend>]          : dump volatile server information (all or for a single backend)"},
    {"show sess", "show sess [id]                          : report the list of current sessions or dump this exact session"},
    {"show stat", "show stat [desc|json|no-maint|typed|up]*: report counters for each proxy and server"},
    {"show table", "show table <table> [<filter>]*          : report table usage stats or dump this table's contents (filter: data/key)"},
    {"show version", "show version                            : show version of the current process"},
    {"shutdown session", "shutdown session [id]                   : kill a specific session"},
    {"shutdown sessions server", "shutdown sessions server <bk>/<srv>     : kill sessions on a server"},
};

constexpr std::string_view kAlways =
    "  help [<command>]                        : list matching or all commands\n"
    "  prompt                                  : toggle interactive mode with prompt\n"
    "  quit                                    : disconnect\n";

constexpr std::size_t kMaxWord = 64;

std::string joined(const Words& words, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < words.size() && i < from + 3; ++i) out.append(out.empty() ? "" : " ").append(words[i].substr(0, kMaxWord));
  return out;
}

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string list(const std::vector<const Command*>& commands) {
  std::string out;
  for (const Command* one : commands) out.append("  ").append(one->usage).append("\n");
  return out + std::string(kAlways);
}

// Those that begin with as many of the words as any does.
std::vector<const Command*> by_prefix(const Words& words, std::size_t from) {
  std::vector<const Command*> best;
  std::string head;
  for (std::size_t i = from; i < words.size(); ++i) {
    head.append(head.empty() ? "" : " ").append(words[i]);
    std::vector<const Command*> found;
    for (const Command& one : kCommands) {
      const bool whole_words = one.name.size() == head.size() || (one.name.size() > head.size() && one.name[head.size()] == ' ');
      if (one.name.starts_with(head) && whole_words) found.push_back(&one);
    }
    if (found.empty()) break;
    best = std::move(found);
  }
  return best;
}

std::vector<const Command*> by_likeness(const Words& words) {
  constexpr std::size_t kShown = 5;
  const std::string wanted = joined(words, 0);
  std::vector<std::pair<std::size_t, const Command*>> all;
  for (const Command& one : kCommands) all.emplace_back(distance(wanted, one.name), &one);
  std::sort(all.begin(), all.end());     // among equals in the order of the list
  std::vector<const Command*> out;
  for (std::size_t i = 0; i < kShown; ++i) out.push_back(all[i].second);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<const Command*> all_commands() {
  std::vector<const Command*> out;
  for (const Command& one : kCommands) out.push_back(&one);
  return out;
}

}  // namespace

std::string help(const Words& words) {
  const auto found = by_prefix(words, 1);
  return "The following commands are valid at this level:\n" + list(found.empty() ? all_commands() : found);
}

std::string unknown(const Words& words) {
  if (words.empty()) return "Unknown command. Please enter one of the following commands only:\n" + list(all_commands());
  const auto found = by_prefix(words, 0);
  return "Unknown command, but maybe one of the following ones is a better match:\n" + list(found.empty() ? by_likeness(words) : found);
}

}  // namespace chaos::runtime_api
