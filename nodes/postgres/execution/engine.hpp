// What the sessions of a server share to run statements.
#pragma once

#include "postgres/base/log_limit.hpp"
#include "postgres/state/lock_manager.hpp"
#include "postgres/state/metrics.hpp"
#include "postgres/store/database.hpp"
#include "postgres/store/row_run.hpp"
#include "runtime/node.hpp"

#include <boost/asio/thread_pool.hpp>

#include <functional>

namespace chaos::pg {

/// Queries that outgrow the data thread run here, one after the other; the thread is made when the first one comes.
/// Data thread only.
class SlowThread {
 public:
  ~SlowThread() { stop(); }
  /// One portion of rows, on the slow thread; the run must not be touched meanwhile.
  awaitable<RowRun::Step> run(RowRun& run, std::string& out, const RowFormat& format);
  /// Other work with a handle, on the slow thread.
  awaitable<bool> call(std::function<bool()> work);
  /// Waits for the portion under way: cancel its handle first.
  void stop();

 private:
  static constexpr std::size_t kPortion = 64 * 1024;
  static awaitable<RowRun::Step> portion(RowRun& run, std::string& out, const RowFormat& format);
  static awaitable<bool> carry_out(std::function<bool()> work);
  asio::any_io_executor thread();
  std::unique_ptr<asio::thread_pool> pool_;
};

struct Engine {
  NodeContext& ctx;
  Metrics metrics;
  Station station;
  std::shared_ptr<Database> database;        // null until there is one
  SlowThread slow;
  LogLimit error_log{5};                     // ERROR and FATAL, as PostgreSQL logs them
  LogLimit duration_log{100};                // log_min_duration_statement
  LockManager locks;
  const Backends* backends = nullptr;        // never null once the server stands
};

}  // namespace chaos::pg
