// LATENCY.
#include "redis/engine.hpp"
#include "redis/help.hpp"
#include "redis/values/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace chaos::redis {
namespace {

void latest(Call& call) {
  const auto& events = call.engine.latency.events();
  call.out.array(events.size());
  for (const auto& [event, series] : events) {
    call.out.array(4);
    call.out.bulk(event);
    call.out.integer(series.samples.back().second);
    call.out.integer(series.samples.back().ms);
    call.out.integer(series.worst);
  }
}

void history(Call& call) {
  const auto found = call.engine.latency.events().find(call.args[2]);
  if (found == call.engine.latency.events().end()) return call.out.array(0);
  call.out.array(found->second.samples.size());
  for (const auto& sample : found->second.samples) call.out.array(2), call.out.integer(sample.second), call.out.integer(sample.ms);
}

void graph(Call& call) {
  const auto found = call.engine.latency.events().find(call.args[2]);
  if (found == call.engine.latency.events().end()) return call.error("ERR No samples available for event '" + std::string(call.args[2]) + "'");
  call.out.verbatim(latency_graph(call.args[2], found->second, call.engine.unix_us() / 1'000'000));
}

void reset(Call& call) {
  std::size_t gone = 0;
  std::vector<std::string> events(call.args.begin() + 2, call.args.end());
  if (events.empty()) {
    for (const auto& [event, series] : call.engine.latency.events()) events.push_back(event);
  }
  for (const auto& event : events) gone += call.engine.latency.reset(event);
  call.out.integer(static_cast<std::int64_t>(gone));
}

std::string advice(std::string_view event) {
  if (event == "eviction-cycle") return "Keys are evicted in bulk: maxmemory is too small for what is written, or was made smaller at once.";
  if (event == "expire-cycle") return "Many keys expire at the same time: spread their times to live.";
  if (event == "fast-command") return "Commands that should take no time are slow: the machine or the process is short of CPU, or a fault delays calls.";
  return "Slow commands keep all others waiting. SLOWLOG GET names them, with the client that sent each.";
}

void doctor(Call& call) {
  const auto& engine = call.engine;
  if (engine.settings.latency_ms == 0) {
    return call.out.verbatim("Latency monitoring is disabled in this node. CONFIG SET latency-monitor-threshold <milliseconds> enables it.\n");
  }
  if (engine.latency.events().empty()) return call.out.verbatim("No latency spike was observed since the node started or since LATENCY RESET.\n");
  std::string text = "Latency spikes were observed in this node:\n";
  for (const auto& [event, series] : engine.latency.events()) {
    double sum = 0, deviation = 0;
    for (const auto& sample : series.samples) sum += sample.ms;
    const double mean = sum / static_cast<double>(series.samples.size());
    for (const auto& sample : series.samples) deviation += std::abs(sample.ms - mean);
    const double period = static_cast<double>(engine.unix_us() / 1'000'000 - series.samples.front().second) / static_cast<double>(series.samples.size());
    text += fmt::format("\n{}: {} latency spikes (average {:.0f}ms, mean deviation {:.0f}ms, period {:.2f} sec). Worst all time event {}ms.\n  {}\n",
                        event, series.samples.size(), mean, deviation / static_cast<double>(series.samples.size()), period, series.worst,
                        advice(event));
  }
  call.out.verbatim(text);
}

void histogram(Call& call) {
  std::vector<const Row*> rows;
  const auto take = [&](const Row& row) {
    if (row.counts.latency && row.counts.latency->total() > 0) rows.push_back(&row);
  };
  for (const auto name : call.args.subspan(2)) {
    const auto* row = call.engine.table().find_name(name);
    if (!row) continue;
    take(*row);
    for (const auto* sub : row->subcommands) take(*sub);
  }
  if (call.count() == 2) {
    for (const auto& row : call.engine.table().rows()) take(*row);
  }
  call.out.map(rows.size());
  for (const auto* row : rows) {
    call.out.bulk(row->name);
    call.out.map(2);
    call.out.bulk("calls"), call.out.integer(static_cast<std::int64_t>(row->counts.latency->total()));
    call.out.bulk("histogram_usec");
    std::vector<std::pair<std::uint64_t, std::uint64_t>> buckets;
    row->counts.latency->powers([&](std::uint64_t us, std::uint64_t count) { buckets.emplace_back(us, count); });
    call.out.map(buckets.size());
    for (const auto& [us, count] : buckets) call.out.integer(static_cast<std::int64_t>(us)), call.out.integer(static_cast<std::int64_t>(count));
  }
}

void help(Call& call) {
  answer_help(call, "LATENCY", {"DOCTOR", "    A report to read.", "GRAPH <event>", "    A picture of an event's samples.", "HISTORY <event>",
                                "    An event's samples: Unix time, milliseconds.", "LATEST", "    The last and the worst sample of each event.",
                                "RESET [<event> ...]", "    Forgets samples.", "HISTOGRAM [<command> ...]", "    How long calls took."});
}

constexpr std::array kLatency{
    Command{"latest", 2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.8.13",
            "The last and the worst sample of each event.", latest},
    Command{"history", 3, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.8.13",
            "The samples of an event.", history},
    Command{"graph", 3, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.8.13",
            "A picture of the samples of an event.", graph},
    Command{"reset", -2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.8.13", "Forgets samples.", reset},
    Command{"doctor", 2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "2.8.13", "A report to read.", doctor},
    Command{"histogram", -2, kAdmin | kNoscript | kLoading | kStale, 0, 0, 0, "server", "7.0.0",
            "How long calls took.", histogram},
    Command{"help", 2, kLoading | kStale, 0, 0, 0, "server", "2.8.13", "Tells the subcommands.", help},
};
constexpr std::array kCommands{
    Command{"latency", -2, 0, 0, 0, 0, "server", "2.8.13", "Shows latency spikes.", nullptr, kLatency},
};

}  // namespace

std::span<const Command> latency_commands() { return kCommands; }

}  // namespace chaos::redis
