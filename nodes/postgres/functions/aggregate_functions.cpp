// Aggregates that SQLite lacks. Source: PostgreSQL 15 documentation, 9.21 "Aggregate Functions".
#include "postgres/base/array_text.hpp"
#include "postgres/functions/function_tools.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace chaos::pg {

namespace {

using Context = FunctionContext;
using Values = FunctionValues;

// SQLite gives an aggregate zeroed room; what it points to is made at the first row and deleted at the end.
template <class State>
struct Slot {
  State* state;
  std::size_t bytes;      // of the rows that it keeps
};
template <class State>
State& state_of(Context context) {
  auto* slot = static_cast<Slot<State>*>(sqlite3_aggregate_context(context, sizeof(Slot<State>)));
  if (!slot->state) slot->state = std::make_unique<State>().release();
  return *slot->state;
}
template <class State>
std::unique_ptr<State> end_of(Context context) {
  auto* slot = static_cast<Slot<State>*>(sqlite3_aggregate_context(context, 0));
  if (!slot || !slot->state) return nullptr;
  return std::unique_ptr<State>(std::exchange(slot->state, nullptr));
}

// One more row among those that are kept to the end: false when they are more than twice the longest value. The statement fails then.
template <class State>
bool admits(Context context, int count, Values values) {
  constexpr std::size_t kRow = sizeof(ArrayItem);
  state_of<State>(context);
  auto& bytes = static_cast<Slot<State>*>(sqlite3_aggregate_context(context, 0))->bytes;
  bytes += kRow;
  for (int i = 0; i < count; ++i) bytes += static_cast<std::size_t>(sqlite3_value_bytes(values[i]));
  if (bytes <= 2 * static_cast<std::size_t>(sqlite3_limit(sqlite3_context_db_handle(context), SQLITE_LIMIT_LENGTH, -1))) return true;
  fail_with(context, "53200", "out of memory");
  return false;
}

void array_step(Context context, int count, Values values) {
  if (!admits<std::vector<ArrayItem>>(context, count, values)) return;
  state_of<std::vector<ArrayItem>>(context).push_back(is_null(values[0]) ? ArrayItem{} : ArrayItem{std::string(text_of(values[0]))});
}
void array_end(Context context) {
  if (const auto items = end_of<std::vector<ArrayItem>>(context)) answer(context, write_array(*items));
}

// Welford's sums.
struct Spread {
  double count = 0, mean = 0, squares = 0;
};
void spread_step(Context context, int, Values values) {
  auto& spread = state_of<Spread>(context);
  if (is_null(values[0])) return;
  const double x = sqlite3_value_double(values[0]), before = x - spread.mean;
  spread.mean += before / ++spread.count;
  spread.squares += before * (x - spread.mean);
}
template <bool sample, bool root>
void spread_end(Context context) {
  const auto spread = end_of<Spread>(context);
  if (!spread || spread->count < (sample ? 2 : 1)) return;
  const double variance = spread->squares / (spread->count - (sample ? 1 : 0));
  sqlite3_result_double(context, root ? std::sqrt(variance) : variance);
}

// percentile_cont(share) WITHIN GROUP (ORDER BY x), called as pg_percentile_cont(share, x, descending).
struct Sorted {
  double share = 0;
  bool down = false;
  std::vector<double> values;
};
void sorted_step(Context context, int, Values values) {
  auto& sorted = state_of<Sorted>(context);
  sorted.share = sqlite3_value_double(values[0]);
  sorted.down = sqlite3_value_int(values[2]) != 0;
  if (!is_null(values[1])) sorted.values.push_back(sqlite3_value_double(values[1]));
}
std::unique_ptr<Sorted> sorted_values(Context context) {
  auto sorted = end_of<Sorted>(context);
  if (!sorted || sorted->values.empty()) return nullptr;
  if (!(sorted->share >= 0 && sorted->share <= 1)) {
    fail_with(context, "22003", "percentile value " + std::to_string(sorted->share) + " is not between 0 and 1");
    return nullptr;
  }
  std::sort(sorted->values.begin(), sorted->values.end());
  if (sorted->down) std::reverse(sorted->values.begin(), sorted->values.end());
  return sorted;
}
void percentile_cont(Context context) {
  const auto sorted = sorted_values(context);
  if (!sorted) return;
  const double at = sorted->share * static_cast<double>(sorted->values.size() - 1);
  const auto low = static_cast<std::size_t>(std::floor(at)), high = static_cast<std::size_t>(std::ceil(at));
  sqlite3_result_double(context, sorted->values[low] + (sorted->values[high] - sorted->values[low]) * (at - std::floor(at)));
}
void percentile_disc(Context context) {
  const auto sorted = sorted_values(context);
  if (!sorted) return;
  const auto rank = static_cast<std::size_t>(std::ceil(sorted->share * static_cast<double>(sorted->values.size())));
  const double value = sorted->values[rank == 0 ? 0 : rank - 1];
  if (value == std::floor(value) && std::fabs(value) < 1e15) sqlite3_result_int64(context, static_cast<std::int64_t>(value));
  else sqlite3_result_double(context, value);
}

// string_agg(x, separator ORDER BY key), called as pg_string_agg(x, separator, key, descending).
struct Strings {
  std::string separator;
  bool down = false;
  struct Item { bool number; double order; std::string key, text; };
  std::vector<Item> items;
};
void strings_step(Context context, int count, Values values) {
  if (!admits<Strings>(context, count, values)) return;
  auto& strings = state_of<Strings>(context);
  if (is_null(values[0])) return;
  strings.separator = text_of(values[1]);
  strings.down = sqlite3_value_int(values[3]) != 0;
  strings.items.push_back({!is_text(values[2]), sqlite3_value_double(values[2]), std::string(text_of(values[2])), std::string(text_of(values[0]))});
}
std::unique_ptr<Strings> sorted_strings(Context context) {
  auto strings = end_of<Strings>(context);
  if (!strings || strings->items.empty()) return nullptr;
  std::sort(strings->items.begin(), strings->items.end(), [down = strings->down](const auto& left, const auto& right) {
    const auto& a = down ? right : left;
    const auto& b = down ? left : right;
    return a.number && b.number ? a.order < b.order : a.key < b.key;
  });
  return strings;
}
void strings_end(Context context) {
  const auto strings = sorted_strings(context);
  if (!strings) return;
  std::string out;
  for (const auto& item : strings->items) out.append(&item == strings->items.data() ? "" : strings->separator).append(item.text);
  answer(context, out);
}

// string_agg(DISTINCT x, separator)
void set_step(Context context, int count, Values values) {
  if (!admits<Strings>(context, count, values)) return;
  auto& strings = state_of<Strings>(context);
  if (is_null(values[0])) return;
  strings.separator = text_of(values[1]);
  strings.items.push_back({!is_text(values[0]), sqlite3_value_double(values[0]), std::string(text_of(values[0])), std::string(text_of(values[0]))});
}
void set_end(Context context) {
  const auto strings = sorted_strings(context);
  if (!strings) return;
  std::string out;
  const std::string* last = nullptr;
  for (const auto& item : strings->items) {
    if (last && *last == item.text) continue;
    out.append(last ? strings->separator : "").append(item.text);
    last = &item.text;
  }
  answer(context, out);
}

// array_agg(x ORDER BY key), called as pg_array_agg(x, key, descending).
void ordered_step(Context context, int count, Values values) {
  if (!admits<Strings>(context, count, values)) return;
  auto& strings = state_of<Strings>(context);
  strings.down = sqlite3_value_int(values[2]) != 0;
  strings.items.push_back({!is_text(values[1]), sqlite3_value_double(values[1]), std::string(text_of(values[1])), std::string(text_of(values[0]))});
}
void ordered_end(Context context) {
  const auto strings = sorted_strings(context);
  if (!strings) return;
  std::vector<ArrayItem> items;
  for (auto& item : strings->items) items.emplace_back(std::move(item.text));
  answer(context, write_array(items));
}

struct Aggregate {
  const char* name;
  int arguments;
  void (*step)(Context, int, Values);
  void (*end)(Context);
};

constexpr Aggregate kAggregates[] = {
    {"array_agg", 1, array_step, array_end}, {"stddev", 1, spread_step, spread_end<true, true>}, {"stddev_samp", 1, spread_step, spread_end<true, true>},
    {"stddev_pop", 1, spread_step, spread_end<false, true>}, {"variance", 1, spread_step, spread_end<true, false>},
    {"var_samp", 1, spread_step, spread_end<true, false>}, {"var_pop", 1, spread_step, spread_end<false, false>},
    {"pg_percentile_cont", 3, sorted_step, percentile_cont}, {"pg_percentile_disc", 3, sorted_step, percentile_disc},
    {"pg_string_agg", 4, strings_step, strings_end}, {"pg_array_agg", 3, ordered_step, ordered_end}, {"pg_string_set", 2, set_step, set_end},
};

}  // namespace

void register_aggregates(Handle& handle) {
  for (const Aggregate& aggregate : kAggregates) {
    sqlite3_create_function_v2(handle.db(), aggregate.name, aggregate.arguments, SQLITE_UTF8 | SQLITE_INNOCUOUS, nullptr, nullptr, aggregate.step, aggregate.end, nullptr);
  }
}

}  // namespace chaos::pg
