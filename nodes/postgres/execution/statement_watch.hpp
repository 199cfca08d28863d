// One statement of a session from its begin to its end: what pg_stat_activity shows meanwhile, what is counted after it.
#pragma once

#include "postgres/execution/engine.hpp"

namespace chaos::pg {

/// Data thread only.
class StatementWatch {
 public:
  /// The session is active with this statement from now on.
  StatementWatch(Engine& engine, Backend& backend, const Plan& plan);
  /// It succeeded: counts its time, its rows (the number at the end of `tag`) and its scans.
  void done(const std::string& tag) const;

 private:
  const Plan& ran() const;
  std::vector<TableScan> find_scans() const;
  void log_duration(double ms) const;
  void count_maintenance() const;

  Engine& engine_;
  Backend& backend_;
  const Plan& plan_;
  RealTime begun_;
};

}  // namespace chaos::pg
