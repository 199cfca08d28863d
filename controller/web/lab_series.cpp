#include "web/lab_series.hpp"

#include <algorithm>
#include <set>

namespace chaos::web {

namespace {

std::string_view value_of(const Labels& labels, std::string_view name) {
  for (const auto& [key, value] : labels) {
    if (key == name) return value;
  }
  return {};
}

std::string in_ms(std::int64_t us) { return std::to_string(us / 1000); }

std::string end_of(const RunInfo& run) {
  if (run.state == RunState::running) return "now";
  return in_ms(last_moment_us(run));
}

Labels without_empty(Labels labels) {
  std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
  return labels;
}

template <class Visit>
void each(const Slice& slice, Visit visit) {
  for (const auto* list : {&slice.events, &slice.runs}) {
    for (const Slice::One& one : *list) visit(one.labels);
  }
}

}  // namespace

// When an interrupted run ended nobody wrote down.
std::int64_t last_moment_us(const RunInfo& run) {
  return std::max({run.end_unix_us, run.last_unix_us, run.start_unix_us});
}

Labels labels_of(const v1::Event& event, const std::string& run) {
  return without_empty({{"__name__", std::string(kEvents)}, {"actor", event.actor()}, {"kind", event.kind()}, {"run", run}, {"seq", std::to_string(event.seq())},
                        {"subject", event.node()}, {"text", event.text()}, {"verb", event.what()}});
}

Labels labels_of(const RunInfo& run) {
  return without_empty({{"__name__", std::string(kRuns)}, {"drill", run.drill}, {"from", in_ms(run.start_unix_us)}, {"responder", run.responder}, {"run", run.id},
                        {"state", std::string(to_word(run.state))}, {"to", end_of(run)}});
}

bool matches(const Selector& selector, const Labels& labels) {
  return selector.matches([&](std::string_view name) { return value_of(labels, name); });
}

bool may_name(const Selector& selector, std::string_view metric) {
  return std::all_of(selector.matchers.begin(), selector.matchers.end(), [&](const Matcher& one) { return one.label != "__name__" || one.matches(metric); });
}

bool may_hold(const Selector& selector, const std::string& run) {
  return may_name(selector, kEvents) &&
         std::all_of(selector.matchers.begin(), selector.matchers.end(), [&](const Matcher& one) { return one.label != "run" || one.matches(run); });
}

std::vector<std::string> label_names(const Slice& slice) {
  std::set<std::string> names;
  each(slice, [&](const Labels& labels) {
    for (const auto& [name, value] : labels) names.emplace(name);
  });
  return {names.begin(), names.end()};
}

std::vector<std::string> label_values(const Slice& slice, std::string_view label) {
  std::set<std::string> values;
  each(slice, [&](const Labels& labels) {
    if (const auto value = value_of(labels, label); !value.empty()) values.emplace(value);
  });
  return {values.begin(), values.end()};
}

}  // namespace chaos::web
