// CONFIG.
#include "redis/config_parameters.hpp"
#include "redis/help.hpp"
#include "redis/values/glob.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

void get(Call& call) {
  std::vector<std::pair<std::string_view, std::string>> found;
  // Asked for by its whole name, a setting is told as it was asked for; by a pattern, as it is.
  const auto wanted = [&](std::string_view name) -> std::optional<std::string_view> {
    for (const auto pattern : call.args.subspan(2)) {
      if (is_word(pattern, name)) return pattern;
      if (glob_match(lower(pattern), name)) return name;
    }
    return std::nullopt;
  };
  for (const auto& parameter : settable_parameters()) {
    if (const auto name = wanted(parameter.name)) found.emplace_back(*name, parameter.get(call.engine));
  }
  for (const auto& parameter : fixed_parameters()) {
    if (const auto name = wanted(parameter.name)) found.emplace_back(*name, parameter.value);
  }
  call.out.map(found.size());
  for (const auto& [name, value] : found) call.out.bulk(name), call.out.bulk(value);
}

std::string failed(std::string_view name, std::string_view why) {
  return "ERR CONFIG SET failed (possibly related to argument '" + std::string(name) + "') - " + std::string(why);
}

/// What is wrong with one pair; empty: nothing.
std::string change(Settings& wanted, std::string_view name, std::string_view value) {
  for (const auto& parameter : settable_parameters()) {
    if (!is_word(name, parameter.name)) continue;
    const auto wrong = parameter.set ? parameter.set(wanted, value) : "can't set immutable config";
    return wrong.empty() ? wrong : failed(name, wrong);
  }
  for (const auto& parameter : fixed_parameters()) {
    if (is_word(name, parameter.name)) return failed(name, "can't set immutable config");
  }
  return "ERR Unknown option or number of arguments for CONFIG SET - '" + std::string(name) + "'";
}

/// All pairs or none, as Redis 7.
void set(Call& call) {
  if (call.count() % 2 != 0) return call.wrong_arity();
  Settings wanted = call.engine.settings;
  for (std::size_t i = 2; i < call.count(); i += 2) {
    auto wrong = change(wanted, call.args[i], call.args[i + 1]);
    for (std::size_t k = 2; wrong.empty() && k < i; k += 2) {
      if (is_word(call.args[k], lower(call.args[i]))) wrong = failed(call.args[i], "duplicate parameter");
    }
    if (!wrong.empty()) return call.error(wrong);
  }
  call.engine.set_settings(wanted);
  call.out.ok();
}

void resetstat(Call& call) {
  call.engine.reset_stats();
  call.out.ok();
}

void rewrite(Call& call) { call.error("ERR The server is running without a config file"); }

void help(Call& call) {
  answer_help(call, "CONFIG", {"GET <pattern> ...", "    Settings and their values.", "SET <name> <value> ...", "    Changes settings, all or none.",
                               "RESETSTAT", "    Sets INFO's counts to 0.", "REWRITE", "    Refused: there is no file."});
}

constexpr std::array kConfig{
    Command{"get", -3, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.0.0", "Settings and their values.", get},
    Command{"set", -4, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.0.0", "Changes settings.", set},
    Command{"resetstat", 2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.0.0",
            "Sets the counts of INFO to 0.", resetstat},
    Command{"rewrite", 2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.8.0",
            "Refused: there is no file.", rewrite},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "server", "5.0.0", "Tells the subcommands.", help},
};
constexpr std::array kCommands{
    Command{"config", -2, 0, 0, 0, 0, "server", "2.0.0", "Shows and changes settings.", nullptr, kConfig},
};

}  // namespace

std::span<const Command> config_commands() { return kCommands; }

}  // namespace chaos::redis
