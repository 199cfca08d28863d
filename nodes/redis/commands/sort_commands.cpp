// SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC|DESC] [ALPHA] [STORE key]
#include "redis/command.hpp"
#include "redis/values/hash_box.hpp"
#include "redis/values/list_box.hpp"
#include "redis/values/set_box.hpp"
#include "redis/values/text.hpp"
#include "redis/values/zset_box.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

struct SortPlan {
  std::optional<std::string_view> by, store;
  std::vector<std::string_view> get;
  std::int64_t offset = 0, count = -1;
  bool alpha = false, descending = false;
  bool sorts() const { return !by || by->find('*') != std::string_view::npos; }
};

std::optional<SortPlan> take_plan(Call& call) {
  SortPlan plan;
  for (std::size_t i = 2; i < call.count(); ++i) {
    const auto word = call.args[i];
    const bool one = i + 1 < call.count();
    if (is_word(word, "asc")) plan.descending = false;
    else if (is_word(word, "desc")) plan.descending = true;
    else if (is_word(word, "alpha")) plan.alpha = true;
    else if (one && is_word(word, "by")) plan.by = call.args[++i];
    else if (one && is_word(word, "get")) plan.get.push_back(call.args[++i]);
    else if (one && is_word(word, "store") && call.command.name == "sort") plan.store = call.args[++i];
    else if (is_word(word, "limit") && i + 2 < call.count()) {
      const auto offset = call.integer(i + 1), count = offset ? call.integer(i + 2) : std::nullopt;
      if (!count) return std::nullopt;
      plan.offset = std::max<std::int64_t>(0, *offset), plan.count = *count;
      i += 2;
    } else {
      return call.syntax_error(), std::nullopt;
    }
  }
  return plan;
}

std::optional<std::vector<std::string>> elements_of(Call& call) {
  std::vector<std::string> out;
  const Entry* entry = call.find(1, Use::read);
  if (!entry) return out;
  if (entry->type() == Type::list) {
    const auto& list = static_cast<ListBox&>(*entry->box);
    for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list.at(i));
  } else if (entry->type() == Type::set) {
    static_cast<SetBox&>(*entry->box).for_each([&](std::string_view member) { out.emplace_back(member); });
  } else if (entry->type() == Type::zset) {
    for (const auto& item : static_cast<ZSetBox&>(*entry->box).order()) out.emplace_back(item.member);
  } else {
    return call.error(kWrongType), std::nullopt;
  }
  return out;
}

/// What "weight_*" or "object_*->field" names for an element; "#" is the element itself.
std::optional<std::string> looked_up(Call& call, std::string_view pattern, const std::string& element) {
  if (pattern == "#") return element;
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return std::nullopt;
  const auto arrow = pattern.find("->", star);
  const bool field = arrow != std::string_view::npos && arrow + 2 < pattern.size();
  std::string key(pattern.substr(0, star));
  key.append(element).append(pattern.substr(star + 1, field ? arrow - star - 1 : std::string_view::npos));
  const Entry* entry = call.find(std::string_view(key), Use::read);
  if (!entry) return std::nullopt;
  if (!field) return entry->box ? std::nullopt : std::optional(entry->value);
  if (entry->type() != Type::hash) return std::nullopt;
  const auto* value = static_cast<HashBox&>(*entry->box).find(pattern.substr(arrow + 2));
  return value ? std::optional(*value) : std::nullopt;
}

struct Item { std::string element; std::string text; double number = 0; };

/// Sorts; false after an answered error.
bool sort_items(Call& call, const SortPlan& plan, std::vector<Item>& items) {
  for (auto& item : items) {
    const auto weight = plan.by ? looked_up(call, *plan.by, item.element) : std::optional(item.element);
    item.text = weight.value_or("");
    const auto number = weight ? parse_real(*weight) : 0;
    if (!plan.alpha && !number) return call.error("ERR One or more scores can't be converted into double"), false;
    item.number = number.value_or(0);
  }
  std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
    const Item& low = plan.descending ? b : a;
    const Item& high = plan.descending ? a : b;
    if (plan.alpha) return low.text != high.text ? low.text < high.text : low.element < high.element;
    return low.number != high.number ? low.number < high.number : low.element < high.element;
  });
  return true;
}

void answer(Call& call, const SortPlan& plan, const std::vector<std::optional<std::string>>& results) {
  if (!plan.store) {
    call.out.array(results.size());
    for (const auto& result : results) result ? call.out.bulk(*result) : call.out.nil();
    return;
  }
  auto list = std::make_unique<ListBox>();
  for (const auto& result : results) list->push(result.value_or(""), ListBox::End::right);
  Entry* old = call.find(*plan.store, Use::write);
  call.out.integer(static_cast<std::int64_t>(list->size()));
  if (list->size() > 0) call.keys().put(*plan.store, std::move(list));
  else if (old) call.keys().erase(*old);
}

void sort(Call& call) {
  const auto plan = take_plan(call);
  if (!plan) return;
  auto elements = elements_of(call);
  if (!elements) return;
  std::vector<Item> items;
  for (auto& element : *elements) items.push_back({std::move(element), {}});
  if (plan->sorts() && !sort_items(call, *plan, items)) return;
  const auto first = std::min(items.size(), static_cast<std::size_t>(plan->offset));
  const auto count = plan->count < 0 ? items.size() - first : std::min(items.size() - first, static_cast<std::size_t>(plan->count));
  std::vector<std::optional<std::string>> results;
  for (std::size_t i = first; i < first + count; ++i) {
    if (plan->get.empty()) results.emplace_back(items[i].element);
    for (const auto pattern : plan->get) results.push_back(looked_up(call, pattern, items[i].element));
  }
  answer(call, *plan, results);
}

constexpr std::array kCommands{
    Command{"sort", -2, kWrite | kDenyOom | kMovableKeys, 1, 1, 1, "generic", "1.0.0",
            "Sorts a list, a set or a sorted set.", sort},
    Command{"sort_ro", -2, kReadonly | kMovableKeys, 1, 1, 1, "generic", "7.0.0", "SORT without STORE.", sort},
};

}  // namespace

std::span<const Command> sort_commands() { return kCommands; }

}  // namespace chaos::redis
