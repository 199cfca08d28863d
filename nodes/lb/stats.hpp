// HAProxy's statistics as text: CSV, typed, JSON (management guide, sections 9.1 and 9.2).
#pragma once

#include "lb/stats_fields.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos {

/// One line of the statistics: values by column name. A column that is not set stays empty.
class StatsRow {
 public:
  enum class Kind { frontend = 0, backend = 1, server = 2 };    // as the column `type` has it
  StatsRow(Kind kind, int proxy, int id, std::string proxy_name, std::string name);

  void set(std::string_view column, std::string value) { values_[column] = std::move(value); }
  void set(std::string_view column, std::string_view value) { values_[column] = std::string(value); }
  void set(std::string_view column, const char* value) { values_[column] = value; }
  void set(std::string_view column, std::uint64_t value) { set(column, std::to_string(value)); }
  /// Rounded to a whole number, as HAProxy does.
  void set(std::string_view column, double value) { set(column, static_cast<std::uint64_t>(value + 0.5)); }
  std::string_view get(std::string_view column) const;
  bool has(std::string_view column) const { return values_.contains(column); }
  Kind kind() const { return kind_; }
  int proxy() const { return proxy_; }
  int id() const { return id_; }

 private:
  Kind kind_;
  int proxy_;
  int id_;
  std::map<std::string_view, std::string> values_;   // column names are literals
};

using StatsRows = std::vector<StatsRow>;

/// A line of `show info`; pos: its place in the typed form.
struct InfoField {
  int pos = 0;
  std::string_view name;
  std::string_view tags;
  std::string_view type;
  std::string value;
};

/// Header and rows. A value with a comma or a quote is quoted.
std::string stats_csv(const StatsRows& rows);
std::string stats_typed(const StatsRows& rows);
std::string stats_json(const StatsRows& rows);
std::string info_plain(const std::vector<InfoField>& fields);
std::string info_typed(const std::vector<InfoField>& fields);
std::string info_json(const std::vector<InfoField>& fields);

/// Rows of one proxy (-1: all; iid), of some kinds (-1: all; else the sum of 1 for frontends, 2 for backends, 4 for servers)
/// and of one server (-1: all; sid): the arguments of `show stat`.
StatsRows select_rows(StatsRows rows, int proxy, int kinds, int server);
/// Without servers that are down or in maintenance: the option `up`.
StatsRows only_up(StatsRows rows);
StatsRows without_maintenance(StatsRows rows);

inline constexpr std::string_view kFrontendName = "fe";
inline constexpr std::string_view kBackendName = "be";
inline constexpr std::string_view kStatsName = "stats";
inline constexpr int kFrontendId = 2;
inline constexpr int kBackendId = 3;
inline constexpr int kStatsId = 4;

}  // namespace chaos
