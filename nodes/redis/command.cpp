#include "redis/command.hpp"

#include "redis/engine.hpp"
#include "redis/text.hpp"

namespace chaos::redis {

void Call::error(std::string_view text) {
  failed = true;
  out.error(text);
}

std::optional<std::int64_t> Call::integer(std::size_t index) {
  std::int64_t value = 0;
  if (resp::parse_integer(args[index], value)) return value;
  error("ERR value is not an integer or out of range");
  return std::nullopt;
}

void Call::wrong_arity(std::string_view sub) {
  std::string text = "ERR wrong number of arguments for '";
  text += command.name;
  if (!sub.empty()) text.append("|").append(sub);
  text += "' command";
  error(text);
}

Keyspace& Call::keys() const { return engine.keyspace; }

bool arity_fits(int arity, std::size_t count) {
  const auto n = static_cast<int>(count);
  return arity >= 0 ? n == arity : n >= -arity;
}

void run_subcommand(Call& call, std::span<const Subcommand> table) {
  for (const auto& sub : table) {
    if (!is_word(call.args[1], sub.name)) continue;
    if (!arity_fits(sub.arity, call.args.size())) return call.wrong_arity(sub.name);
    return sub.run(call);
  }
  std::string container(call.command.name);
  for (auto& c : container) c = static_cast<char>(c - 'a' + 'A');
  call.error("ERR unknown subcommand '" + std::string(call.args[1].substr(0, 128)) + "'. Try " + container + " HELP.");
}

}  // namespace chaos::redis
