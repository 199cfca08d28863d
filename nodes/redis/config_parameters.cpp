#include "redis/config_parameters.hpp"

#include "redis/values/text.hpp"

#include <fmt/format.h>

#include <array>
#include <climits>

namespace chaos::redis {
namespace {

/// A whole number within bounds.
template <class T>
std::string take_number(T& out, std::string_view value, std::int64_t low, std::int64_t high) {
  std::int64_t number = 0;
  if (!resp::parse_integer(value, number)) return "argument couldn't be parsed into an integer";
  if (number < low || number > high) return fmt::format("argument must be between {} and {} inclusive", low, high);
  out = static_cast<T>(number);
  return {};
}

std::string set_maxmemory(Settings& settings, std::string_view value) {
  const auto bytes = parse_memory(value);
  if (!bytes) return "argument must be a memory value";
  settings.maxmemory = *bytes;
  return {};
}

std::string set_policy(Settings& settings, std::string_view value) {
  const auto policy = policy_of(value);
  if (!policy) {
    return "argument(s) must be one of the following: volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, "
           "allkeys-lfu, allkeys-random, noeviction";
  }
  settings.eviction.policy = *policy;
  return {};
}

std::string set_tracking(Settings& settings, std::string_view value) {
  if (!is_word(value, "yes") && !is_word(value, "no")) return "argument must be 'yes' or 'no'";
  settings.latency_tracking = is_word(value, "yes");
  return {};
}

std::string set_password(Settings& settings, std::string_view value) {
  if (value.size() > 512) return "argument must have at most 512 bytes";
  settings.password = value;
  return {};
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return out;
    const auto end = std::min(text.find(' ', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

/// class hard soft seconds, once or several times.
std::string set_output_limits(Settings& settings, std::string_view value) {
  const auto words = words_of(value);
  if (words.empty() || words.size() % 4 != 0) return "Wrong number of arguments in buffer limit configuration.";
  for (std::size_t i = 0; i < words.size(); i += 4) {
    OutputLimit unused;                                    // of replicas, which there are none of
    auto* limit = is_word(words[i], "normal") ? &settings.normal : is_word(words[i], "pubsub") ? &settings.pubsub : nullptr;
    if (!limit && (is_word(words[i], "slave") || is_word(words[i], "replica"))) limit = &unused;
    if (!limit) return "Invalid client class specified in buffer limit configuration.";
    const auto hard = parse_memory(words[i + 1]), soft = parse_memory(words[i + 2]);
    std::int64_t seconds = 0;
    if (!hard || !soft || !resp::parse_integer(words[i + 3], seconds) || seconds < 0) {
      return "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
    }
    *limit = {*hard, *soft, seconds};
  }
  return {};
}

std::string output_limits(const Engine& e) {
  const auto& [hard, soft, seconds] = e.settings.normal;
  const auto& pubsub = e.settings.pubsub;
  return fmt::format("normal {} {} {} slave 268435456 67108864 60 pubsub {} {} {}", hard, soft, seconds, pubsub.hard, pubsub.soft,
                     pubsub.soft_seconds);
}

constexpr std::array kSettable{
    Parameter{"maxmemory", [](const Engine& e) { return std::to_string(e.settings.maxmemory); }, set_maxmemory},
    Parameter{"maxmemory-policy", [](const Engine& e) { return std::string(name_of(e.settings.eviction.policy)); }, set_policy},
    Parameter{"maxmemory-samples", [](const Engine& e) { return std::to_string(e.settings.eviction.samples); },
              [](Settings& s, std::string_view v) { return take_number(s.eviction.samples, v, 1, INT_MAX); }},
    Parameter{"lfu-log-factor", [](const Engine& e) { return std::to_string(e.settings.eviction.lfu_log_factor); },
              [](Settings& s, std::string_view v) { return take_number(s.eviction.lfu_log_factor, v, 0, INT_MAX); }},
    Parameter{"lfu-decay-time", [](const Engine& e) { return std::to_string(e.settings.eviction.lfu_decay_minutes); },
              [](Settings& s, std::string_view v) { return take_number(s.eviction.lfu_decay_minutes, v, 0, INT_MAX); }},
    Parameter{"maxclients", [](const Engine& e) { return std::to_string(e.settings.max_clients); },
              [](Settings& s, std::string_view v) { return take_number(s.max_clients, v, 1, 65536); }},
    Parameter{"requirepass", [](const Engine& e) { return e.settings.password; }, set_password},
    Parameter{"slowlog-log-slower-than", [](const Engine& e) { return std::to_string(e.settings.slowlog_us); },
              [](Settings& s, std::string_view v) { return take_number(s.slowlog_us, v, -1, LLONG_MAX); }},
    Parameter{"slowlog-max-len", [](const Engine& e) { return std::to_string(e.settings.slowlog_most); },
              [](Settings& s, std::string_view v) { return take_number(s.slowlog_most, v, 0, 10000); }},
    Parameter{"latency-monitor-threshold", [](const Engine& e) { return std::to_string(e.settings.latency_ms); },
              [](Settings& s, std::string_view v) { return take_number(s.latency_ms, v, 0, LLONG_MAX); }},
    Parameter{"latency-tracking", [](const Engine& e) { return std::string(e.settings.latency_tracking ? "yes" : "no"); }, set_tracking},
    Parameter{"timeout", [](const Engine& e) { return std::to_string(e.settings.idle_s); },
              [](Settings& s, std::string_view v) { return take_number(s.idle_s, v, 0, INT_MAX); }},
    Parameter{"client-output-buffer-limit", output_limits, set_output_limits},
    Parameter{"bind", [](const Engine& e) { return e.address; }, nullptr},
    Parameter{"proto-max-bulk-len", [](const Engine&) { return std::to_string(resp::Limits{}.max_bulk); }, nullptr},
    Parameter{"set-max-intset-entries", [](const Engine&) { return std::to_string(kIntsetEntries); }, nullptr},
    Parameter{"hash-max-listpack-entries", [](const Engine&) { return std::to_string(kPackedEntries); }, nullptr},
    Parameter{"hash-max-listpack-value", [](const Engine&) { return std::to_string(kPackedBytes); }, nullptr},
    Parameter{"zset-max-listpack-entries", [](const Engine&) { return std::to_string(kPackedEntries); }, nullptr},
    Parameter{"zset-max-listpack-value", [](const Engine&) { return std::to_string(kPackedBytes); }, nullptr},
};

constexpr std::array<FixedParameter, 20> kFixed{{
    {"port", "6379"},           {"databases", "1"},         {"save", ""},
    {"appendonly", "no"},       {"appendfsync", "everysec"}, {"cluster-enabled", "no"},
    {"enable-debug-command", "yes"}, {"protected-mode", "no"}, {"hz", "10"},
    {"io-threads", "1"},        {"maxmemory-clients", "0"},  {"notify-keyspace-events", ""},
    {"activedefrag", "no"},     {"replicaof", ""},           {"slaveof", ""},
    {"latency-tracking-info-percentiles", "50 99 99.9"},     {"daemonize", "no"},
    {"supervised", "no"},       {"lazyfree-lazy-eviction", "no"}, {"lazyfree-lazy-expire", "no"},
}};

}  // namespace

std::span<const Parameter> settable_parameters() { return kSettable; }
std::span<const FixedParameter> fixed_parameters() { return kFixed; }

}  // namespace chaos::redis
