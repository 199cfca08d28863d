#include "redis/command.hpp"

#include "redis/engine.hpp"
#include "redis/values/text.hpp"

namespace chaos::redis {

void Call::error(std::string_view text) {
  failed = true;
  out.error(text);
  if (!client.blocked) engine.count_error(text);   // tried again on behalf of one that waits: nobody is answered
}

std::optional<std::int64_t> Call::integer(std::size_t index, std::string_view wrong) {
  std::int64_t value = 0;
  if (resp::parse_integer(args[index], value)) return value;
  error(wrong.empty() ? "ERR value is not an integer or out of range" : wrong);
  return std::nullopt;
}

std::optional<double> Call::real(std::size_t index, std::string_view wrong) {
  const auto value = parse_real(args[index]);
  if (!value) error(wrong);
  return value;
}

void Call::wrong_arity() {
  error("ERR wrong number of arguments for '" + std::string(engine.row_of(command).name) + "' command");
}

Keyspace& Call::keys() const { return engine.keyspace; }

std::optional<Entry*> Call::fetch_string(std::string_view key, Use use) {
  Entry* entry = find(key, use);
  if (entry && entry->box) return error(kWrongType), std::nullopt;
  return entry;
}

void Call::block(RealTime until, void (*time_out)(std::string& out, int protocol)) {
  waits = true;
  if (client.blocked) return;                // run again, still in vain
  client.blocked = Blocked{&engine.row_of(command), {args.begin(), args.end()}, until, time_out};
}

bool arity_fits(int arity, std::size_t count) {
  const auto n = static_cast<int>(count);
  return arity >= 0 ? n == arity : n >= -arity;
}

std::vector<std::size_t> key_places(const Command& command, Args args) {
  std::vector<std::size_t> out;
  const auto size = static_cast<int>(args.size());
  if (command.first_key > 0) {
    const int last = command.last_key < 0 ? size + command.last_key : command.last_key;
    for (int i = command.first_key; i <= last && i < size; i += command.key_step) out.push_back(static_cast<std::size_t>(i));
  }
  if (command.key_count > 0 && command.key_count < size) {
    std::int64_t count = 0;
    const auto from = static_cast<std::size_t>(command.key_count);
    if (!resp::parse_integer(args[from], count) || count < 0 || count > size) return out;
    for (std::size_t i = from + 1; i <= from + static_cast<std::size_t>(count) && i < args.size(); ++i) out.push_back(i);
  }
  if (command.name == "xread") {
    std::size_t at = 1;
    while (at < args.size() && !is_word(args[at], "streams")) ++at;
    for (std::size_t i = at + 1; i <= at + (args.size() - at - (at < args.size())) / 2 && at < args.size(); ++i) out.push_back(i);
  }
  return out;
}

}  // namespace chaos::redis
