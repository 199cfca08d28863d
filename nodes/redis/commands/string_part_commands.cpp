// Commands on parts of strings.
#include "redis/command.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
constexpr std::size_t kLongest = resp::Limits{}.max_bulk;
constexpr std::string_view kTooLong = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

void strlen(Call& call) {
  const auto entry = call.fetch_string(call.args[1], Use::read);
  if (entry) call.out.integer(*entry ? static_cast<std::int64_t>((*entry)->value.size()) : 0);
}

/// Changes a string in place, made when there was none, and answers its length.
template <class Edit>
void edit(Call& call, Entry* entry, Edit&& change) {
  const bool fresh = entry == nullptr;
  if (fresh) entry = &call.keys().set(call.args[1], "");
  std::string value = std::move(entry->value);
  change(value);
  call.keys().assign(*entry, std::move(value));
  entry->raw = !fresh || call.command.name == "setrange";
  call.out.integer(static_cast<std::int64_t>(entry->value.size()));
}

void append(Call& call) {
  const auto entry = call.fetch_string(call.args[1], Use::write);
  if (!entry) return;
  if ((*entry ? (*entry)->value.size() : 0) + call.args[2].size() > kLongest) return call.error(kTooLong);
  edit(call, *entry, [&](std::string& value) { value += call.args[2]; });
}

void setrange(Call& call) {
  const auto offset = call.integer(2);
  if (!offset) return;
  if (*offset < 0) return call.error("ERR offset is out of range");
  const auto entry = call.fetch_string(call.args[1], Use::write);
  if (!entry) return;
  const auto patch = call.args[3];
  if (patch.empty()) return call.out.integer(*entry ? static_cast<std::int64_t>((*entry)->value.size()) : 0);
  const auto at = static_cast<std::size_t>(*offset);
  if (at > kLongest || at + patch.size() > kLongest) return call.error(kTooLong);
  edit(call, *entry, [&](std::string& value) {
    if (value.size() < at + patch.size()) value.resize(at + patch.size());
    value.replace(at, patch.size(), patch);
  });
}

void getrange(Call& call) {
  const auto start = call.integer(2);
  if (!start) return;
  const auto stop = call.integer(3);
  if (!stop) return;
  const auto entry = call.fetch_string(call.args[1], Use::read);
  if (!entry) return;
  const std::string_view value = *entry ? std::string_view((*entry)->value) : std::string_view();
  // As Redis: an end that counts from behind the string's begin is its first byte.
  const auto last = *stop < 0 ? std::max<std::int64_t>(0, *stop + static_cast<std::int64_t>(value.size())) : *stop;
  const bool backwards = *start < 0 && *stop < 0 && *start > *stop;
  const auto span = backwards ? std::nullopt : clamp_range(*start, last, value.size());
  call.out.bulk(span ? value.substr(span->first, span->count) : std::string_view());
}

constexpr std::array kCommands{
    Command{"strlen", 2, kReadonly | kFast, 1, 1, 1, "string", "2.2.0", "The length of a string.", strlen},
    Command{"append", 3, kWrite | kDenyOom | kFast, 1, 1, 1, "string", "2.0.0", "Appends to a string.", append},
    Command{"setrange", 4, kWrite | kDenyOom, 1, 1, 1, "string", "2.2.0", "Overwrites a part of a string.", setrange},
    Command{"getrange", 4, kReadonly, 1, 1, 1, "string", "2.4.0", "A part of a string.", getrange},
    Command{"substr", 4, kReadonly, 1, 1, 1, "string", "1.0.0", "A part of a string; the old name of GETRANGE.", getrange},
};

}  // namespace

std::span<const Command> string_part_commands() { return kCommands; }

}  // namespace chaos::redis
