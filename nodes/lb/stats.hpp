// HAProxy's statistics as CSV (management guide, section 9.1), and what the runtime API can see and change.
#pragma once

#include "lb/health.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chaos {

/// One line of the statistics: values by column name. A column that is not set stays empty.
class StatsRow {
 public:
  void set(std::string_view column, std::string value) { values_[column] = std::move(value); }
  void set(std::string_view column, std::uint64_t value) { set(column, std::to_string(value)); }
  /// Rounded to a whole number, as HAProxy does.
  void set(std::string_view column, double value) { set(column, static_cast<std::uint64_t>(value + 0.5)); }
  std::string_view get(std::string_view column) const;

 private:
  std::map<std::string_view, std::string> values_;   // column names are literals
};

/// The columns of the guide, in its order, up to the "-" that ends them.
const std::vector<std::string_view>& stats_columns();
/// Header and rows. A value with a comma or a quote is quoted.
std::string stats_csv(const std::vector<StatsRow>& rows);
/// A plain page with the columns that people look at first.
std::string stats_html(std::string_view node, const std::vector<StatsRow>& rows);

/// What "show servers state" tells of a server (management guide, section 9.3).
struct ServerState {
  int id = 0;
  std::string name;
  std::string address;
  bool up = false;
  bool draining = false;
  AdminState admin = AdminState::ready;
  std::uint64_t since_change_s = 0;
  std::string check_status;
  CheckResult check_result = CheckResult::failed;
  int check_health = 0;
};

/// The load balancer as its statistics and its runtime API see it. Data thread only.
class LbControl {
 public:
  virtual ~LbControl() = default;
  virtual std::vector<StatsRow> rows() = 0;              // FRONTEND, servers, BACKEND
  virtual std::vector<ServerState> servers() = 0;
  /// Lines of "show info", name and value.
  virtual std::vector<std::pair<std::string, std::string>> info() = 0;
  /// False: no such server.
  virtual bool set_state(std::string_view server, AdminState state) = 0;
};

inline constexpr std::string_view kFrontendName = "fe";
inline constexpr std::string_view kBackendName = "be";

}  // namespace chaos
