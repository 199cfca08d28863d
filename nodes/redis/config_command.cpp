#include "redis/config_command.hpp"

#include "redis/engine.hpp"
#include "redis/glob.hpp"
#include "redis/text.hpp"
#include "runtime/ports.hpp"

#include <array>
#include <vector>

namespace chaos::redis {
namespace {

/// One setting. set: null when it is fixed; gives what is wrong with the value, or nothing.
struct Parameter {
  std::string_view name;
  std::string (*get)(const Engine& engine);
  std::string_view (*set)(Settings& settings, std::string_view value);
};

std::string_view set_maxmemory(Settings& settings, std::string_view value) {
  const auto bytes = parse_memory(value);
  if (!bytes) return "argument must be a memory value";
  settings.maxmemory = *bytes;
  return {};
}

std::string_view set_policy(Settings& settings, std::string_view value) {
  const bool lru = is_word(value, "allkeys-lru");
  if (!lru && !is_word(value, "noeviction")) return "argument(s) must be one of the following: allkeys-lru, noeviction";
  settings.evict = lru;
  return {};
}

std::string_view set_max_clients(Settings& settings, std::string_view value) {
  std::int64_t count = 0;
  if (!resp::parse_integer(value, count) || count < 1 || count > 65536) return "argument must be between 1 and 65536 inclusive";
  settings.max_clients = static_cast<std::size_t>(count);
  return {};
}

constexpr std::array kParameters{
    Parameter{"maxmemory", [](const Engine& e) { return std::to_string(e.settings.maxmemory); }, set_maxmemory},
    Parameter{"maxmemory-policy", [](const Engine& e) { return std::string(e.settings.evict ? "allkeys-lru" : "noeviction"); },
              set_policy},
    Parameter{"maxclients", [](const Engine& e) { return std::to_string(e.settings.max_clients); }, set_max_clients},
    Parameter{"bind", [](const Engine& e) { return e.address; }, nullptr},
    Parameter{"port", [](const Engine&) { return std::to_string(ports::kRedis); }, nullptr},
    Parameter{"databases", [](const Engine&) { return std::string("1"); }, nullptr},
    Parameter{"save", [](const Engine&) { return std::string(); }, nullptr},
    Parameter{"appendonly", [](const Engine&) { return std::string("no"); }, nullptr},
    Parameter{"proto-max-bulk-len", [](const Engine&) { return std::to_string(resp::Limits{}.max_bulk); }, nullptr},
};

const Parameter* find(std::string_view name) {
  for (const auto& parameter : kParameters) {
    if (is_word(name, parameter.name)) return &parameter;
  }
  return nullptr;
}

void get(Call& call) {
  std::vector<const Parameter*> found;
  for (const auto& parameter : kParameters) {
    for (const auto pattern : call.args.subspan(2)) {
      if (!glob_match(lower(pattern), parameter.name)) continue;
      found.push_back(&parameter);
      break;
    }
  }
  call.out.map(found.size());
  for (const auto* parameter : found) {
    call.out.bulk(parameter->name);
    call.out.bulk(parameter->get(call.engine));
  }
}

/// All pairs or none, as Redis 7.
void set(Call& call) {
  if (call.args.size() % 2 != 0) return call.wrong_arity("set");
  Settings wanted = call.engine.settings;
  for (std::size_t i = 2; i < call.args.size(); i += 2) {
    const std::string name(call.args[i]);
    const auto* parameter = find(name);
    if (!parameter) return call.error("ERR Unknown option or number of arguments for CONFIG SET - '" + name + "'");
    const auto wrong = parameter->set ? parameter->set(wanted, call.args[i + 1]) : "can't set immutable config";
    if (wrong.empty()) continue;
    return call.error("ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + std::string(wrong));
  }
  call.engine.settings = wanted;
  call.out.ok();
}

void resetstat(Call& call) {
  call.engine.reset_stats();
  call.out.ok();
}

void rewrite(Call& call) { call.error("ERR The server is running without a config file"); }

constexpr std::array kSubcommands{Subcommand{"get", -3, get}, Subcommand{"set", -4, set},
                                  Subcommand{"resetstat", 2, resetstat}, Subcommand{"rewrite", 2, rewrite}};

}  // namespace

void config(Call& call) { run_subcommand(call, kSubcommands); }

}  // namespace chaos::redis
