// Commands that read hashes.
#include "redis/command.hpp"
#include "redis/values/hash_box.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
constexpr std::int64_t kMostDrawn = 1'000'000;     // of a draw with repetition

std::optional<Held<HashBox>> hash_of(Call& call) { return call.fetch<HashBox>(call.args[1], Use::read); }

void answer(Call& call, const std::string* value) {
  if (value) call.out.bulk(*value);
  else call.out.nil();
}

void hget(Call& call) {
  if (const auto hash = hash_of(call)) answer(call, *hash ? (*hash)->find(call.args[2]) : nullptr);
}

void hmget(Call& call) {
  const auto hash = hash_of(call);
  if (!hash) return;
  call.out.array(call.count() - 2);
  for (std::size_t i = 2; i < call.count(); ++i) answer(call, *hash ? (*hash)->find(call.args[i]) : nullptr);
}

void hgetall(Call& call) {
  const auto hash = hash_of(call);
  if (!hash) return;
  call.out.map(*hash ? (*hash)->size() : 0);
  if (!*hash) return;
  (*hash)->for_each([&](const std::string& field, const std::string& value) { call.out.bulk(field), call.out.bulk(value); });
}

void each(Call& call, bool fields) {
  const auto hash = hash_of(call);
  if (!hash) return;
  call.out.array(*hash ? (*hash)->size() : 0);
  if (!*hash) return;
  (*hash)->for_each([&](const std::string& field, const std::string& value) { call.out.bulk(fields ? field : value); });
}

void hkeys(Call& call) { each(call, true); }
void hvals(Call& call) { each(call, false); }

void hlen(Call& call) {
  if (const auto hash = hash_of(call)) call.out.integer(*hash ? static_cast<std::int64_t>((*hash)->size()) : 0);
}

void hexists(Call& call) {
  if (const auto hash = hash_of(call)) call.out.integer(*hash && (*hash)->find(call.args[2]));
}

void hstrlen(Call& call) {
  const auto hash = hash_of(call);
  if (!hash) return;
  const std::string* value = *hash ? (*hash)->find(call.args[2]) : nullptr;
  call.out.integer(value ? static_cast<std::int64_t>(value->size()) : 0);
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// count below 0: so many draws, each by itself; else at most so many different ones.
Pairs drawn(Call& call, const HashBox& hash, std::int64_t count) {
  Pairs out;
  if (count < 0) {
    for (; count < 0; ++count) out.push_back(hash.random(call.keys().rng()));
    return out;
  }
  hash.for_each([&](const std::string& field, const std::string& value) { out.emplace_back(field, value); });
  const auto wanted = std::min(out.size(), static_cast<std::size_t>(count));
  for (std::size_t i = 0; wanted < out.size() && i < wanted; ++i) std::swap(out[i], out[i + call.keys().rng().below(out.size() - i)]);
  out.resize(wanted);
  return out;
}

void hrandfield(Call& call) {
  std::optional<std::int64_t> count;
  if (call.count() > 2 && !(count = call.integer(2))) return;
  const bool values = call.count() == 4 && is_word(call.args[3], "withvalues");
  if (call.count() > 4 || (call.count() == 4 && !values)) return call.syntax_error();
  if (count && *count < -kMostDrawn) return call.error("ERR value is out of range");
  const auto hash = hash_of(call);
  if (!hash) return;
  if (!count) return *hash ? call.out.bulk((*hash)->random(call.keys().rng()).first) : call.out.nil();
  const auto pairs = *hash ? drawn(call, *hash->box, *count) : Pairs{};
  const bool nested = values && call.out.protocol() >= 3;
  call.out.array(pairs.size() * (values && !nested ? 2 : 1));
  for (const auto& [field, value] : pairs) {
    if (nested) call.out.array(2);
    call.out.bulk(field);
    if (values) call.out.bulk(value);
  }
}

constexpr std::array kCommands{
    Command{"hget", 3, kReadonly | kFast, 1, 1, 1, "hash", "2.0.0", "The value of a field.", hget},
    Command{"hmget", -3, kReadonly | kFast, 1, 1, 1, "hash", "2.0.0", "The values of several fields.", hmget},
    Command{"hgetall", 2, kReadonly, 1, 1, 1, "hash", "2.0.0", "All fields and values.", hgetall},
    Command{"hkeys", 2, kReadonly, 1, 1, 1, "hash", "2.0.0", "All fields.", hkeys},
    Command{"hvals", 2, kReadonly, 1, 1, 1, "hash", "2.0.0", "All values.", hvals},
    Command{"hlen", 2, kReadonly | kFast, 1, 1, 1, "hash", "2.0.0", "How many fields there are.", hlen},
    Command{"hexists", 3, kReadonly | kFast, 1, 1, 1, "hash", "2.0.0", "Whether a field exists.", hexists},
    Command{"hstrlen", 3, kReadonly | kFast, 1, 1, 1, "hash", "3.2.0", "The length of a field's value.", hstrlen},
    Command{"hrandfield", -2, kReadonly, 1, 1, 1, "hash", "6.2.0", "Fields by chance.", hrandfield},
};

}  // namespace

std::span<const Command> hash_read_commands() { return kCommands; }

}  // namespace chaos::redis
