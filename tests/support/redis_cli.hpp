// redis-cli against one node, and figures out of its answers.
#pragma once

#include "support/process.hpp"

namespace chaos::test {

class RedisCli {
 public:
  explicit RedisCli(std::string address) : address_(std::move(address)) {}
  const std::string& address() const { return address_; }
  /// What `redis-cli -h ADDRESS ARGUMENTS` prints.
  std::string operator()(const std::string& arguments, int seconds = 30) const {
    return sh("redis-cli -h " + address_ + " " + arguments, seconds).out;
  }
  /// A field of INFO as a number ("evicted_keys", or a part of one: "db0:keys="); -1 when there is none.
  double info(const std::string& field) const {
    return number_after((*this)("INFO everything"), "\n" + field + (field.find(':') == std::string::npos ? ":" : ""));
  }

  static double number_after(const std::string& text, const std::string& label) {
    const auto at = text.find(label);
    return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + label.size(), nullptr);
  }

 private:
  std::string address_;
};

/// INFO's hits and misses in between two looks; the looks are apart until so many keys were looked up.
inline double hit_rate(const RedisCli& redis, double lookups) {
  const auto both = [&](const std::string& info) {
    return std::pair(RedisCli::number_after(info, "keyspace_hits:"), RedisCli::number_after(info, "keyspace_misses:"));
  };
  const auto before = both(redis("INFO stats"));
  std::pair<double, double> after;
  eventually([&] {
    after = both(redis("INFO stats"));
    return after.first + after.second - before.first - before.second >= lookups;
  });
  const double hits = after.first - before.first;
  return hits / (hits + after.second - before.second);
}

}  // namespace chaos::test
