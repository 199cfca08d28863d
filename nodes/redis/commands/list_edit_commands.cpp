// Commands on values within a list.
#include "redis/command.hpp"
#include "redis/values/list_box.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;
using End = ListBox::End;

/// The place that an index means, counted from the end when it is negative.
std::optional<std::size_t> place(std::int64_t index, std::size_t size) {
  if (index < 0) index += static_cast<std::int64_t>(size);
  if (index < 0 || index >= static_cast<std::int64_t>(size)) return std::nullopt;
  return static_cast<std::size_t>(index);
}

void lindex(Call& call) {
  const auto list = call.fetch<ListBox>(call.args[1], Use::read);
  if (!list) return;
  if (!*list) return call.out.nil();
  const auto index = call.integer(2);
  if (!index) return;
  const auto at = place(*index, (*list)->size());
  if (at) return call.out.bulk((*list)->at(*at));
  call.out.nil();
}

void lset(Call& call) {
  const auto list = call.fetch<ListBox>(call.args[1], Use::write);
  if (!list) return;
  if (!*list) return call.error("ERR no such key");
  const auto index = call.integer(2);
  if (!index) return;
  const auto at = place(*index, (*list)->size());
  if (!at) return call.error("ERR index out of range");
  (*list)->set(*at, call.args[3]);
  call.keys().settle(*list->entry);
  call.out.ok();
}

void linsert(Call& call) {
  const bool after = is_word(call.args[2], "after");
  if (!after && !is_word(call.args[2], "before")) return call.syntax_error();
  const auto list = call.fetch<ListBox>(call.args[1], Use::write);
  if (!list) return;
  if (!*list) return call.out.integer(0);
  std::size_t at = 0;
  while (at < (*list)->size() && (*list)->at(at) != call.args[3]) ++at;
  if (at == (*list)->size()) return call.out.integer(-1);
  (*list)->insert(at + after, call.args[4]);
  call.keys().settle(*list->entry);
  call.out.integer(static_cast<std::int64_t>((*list)->size()));
}

/// count above 0: from the front; below: from the end; 0: all.
std::int64_t remove_equal(ListBox& list, std::int64_t count, std::string_view value) {
  std::int64_t gone = 0;
  const auto most = count == 0 ? INT64_MAX : count < 0 ? (count == INT64_MIN ? INT64_MAX : -count) : count;
  if (count < 0) {
    for (std::size_t i = list.size(); i-- > 0 && gone < most;) {
      if (list.at(i) == value) list.erase(i, 1), ++gone;
    }
    return gone;
  }
  for (std::size_t i = 0; i < list.size() && gone < most;) {
    if (list.at(i) == value) list.erase(i, 1), ++gone;
    else ++i;
  }
  return gone;
}

void lrem(Call& call) {
  const auto count = call.integer(2);
  if (!count) return;
  const auto list = call.fetch<ListBox>(call.args[1], Use::write);
  if (!list) return;
  const auto gone = *list ? remove_equal(*list->box, *count, call.args[3]) : 0;
  if (gone > 0) call.keys().settle(*list->entry);
  call.out.integer(gone);
}

void ltrim(Call& call) {
  const auto start = call.integer(2);
  if (!start) return;
  const auto stop = call.integer(3);
  if (!stop) return;
  const auto list = call.fetch<ListBox>(call.args[1], Use::write);
  if (!list) return;
  if (*list) {
    auto& box = *list->box;
    const auto kept = clamp_range(*start, *stop, box.size()).value_or(Span{0, 0});
    box.erase(kept.first + kept.count, box.size() - kept.first - kept.count);
    box.erase(0, kept.first);
    call.keys().settle(*list->entry);
  }
  call.out.ok();
}

struct PosOptions { std::int64_t rank = 1, most = 0; std::optional<std::int64_t> count; };

std::optional<PosOptions> take_pos(Call& call) {
  PosOptions out;
  if (call.count() % 2 == 0) return call.syntax_error(), std::nullopt;
  for (std::size_t i = 3; i < call.count(); i += 2) {
    const bool rank = is_word(call.args[i], "rank"), count = is_word(call.args[i], "count");
    if (!rank && !count && !is_word(call.args[i], "maxlen")) return call.syntax_error(), std::nullopt;
    const auto value = rank ? call.integer(i + 1)
                            : call.integer(i + 1, count ? "ERR COUNT can't be negative" : "ERR MAXLEN can't be negative");
    if (!value) return std::nullopt;
    if (rank && *value == 0) {
      return call.error("ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use "
                        "negative to start from the end of the list"), std::nullopt;
    }
    if (!rank && *value < 0) return call.error(count ? "ERR COUNT can't be negative" : "ERR MAXLEN can't be negative"), std::nullopt;
    if (rank) out.rank = *value;
    else if (count) out.count = *value;
    else out.most = *value;
  }
  return out;
}

void lpos(Call& call) {
  const auto options = take_pos(call);
  if (!options) return;
  const auto list = call.fetch<ListBox>(call.args[1], Use::read);
  if (!list) return;
  std::vector<std::int64_t> found;
  const std::size_t size = *list ? (*list)->size() : 0;
  const auto looks = options->most == 0 ? size : std::min(size, static_cast<std::size_t>(options->most));
  const auto wanted = !options->count ? 1 : *options->count == 0 ? INT64_MAX : *options->count;
  std::int64_t skip = (options->rank < 0 ? -(options->rank + 1) : options->rank - 1);
  for (std::size_t i = 0; i < looks && static_cast<std::int64_t>(found.size()) < wanted; ++i) {
    const auto at = options->rank < 0 ? size - 1 - i : i;
    if ((*list)->at(at) == call.args[2] && skip-- <= 0) found.push_back(static_cast<std::int64_t>(at));
  }
  if (!options->count) return found.empty() ? call.out.nil() : call.out.integer(found[0]);
  call.out.array(found.size());
  for (const auto at : found) call.out.integer(at);
}

constexpr std::array kCommands{
    Command{"lindex", 3, kReadonly, 1, 1, 1, "list", "1.0.0", "The value at a place.", lindex},
    Command{"lset", 4, kWrite | kDenyOom, 1, 1, 1, "list", "1.0.0", "Sets the value at a place.", lset},
    Command{"linsert", 5, kWrite | kDenyOom, 1, 1, 1, "list", "2.2.0", "Puts a value before or after another.", linsert},
    Command{"lrem", 4, kWrite, 1, 1, 1, "list", "1.0.0", "Removes equal values.", lrem},
    Command{"ltrim", 4, kWrite, 1, 1, 1, "list", "1.0.0", "Keeps a range of a list.", ltrim},
    Command{"lpos", -3, kReadonly, 1, 1, 1, "list", "6.0.6", "The places of equal values.", lpos},
};

}  // namespace

std::span<const Command> list_edit_commands() { return kCommands; }

}  // namespace chaos::redis
