// One node from its start to its end: attaches, boots, serves, reports, drains.
#pragma once

#include "faults/fault_set.hpp"
#include "main/options.hpp"
#include "runtime/control_link.hpp"
#include "runtime/http_server.hpp"
#include "runtime/lifecycle.hpp"
#include "runtime/memory.hpp"
#include "runtime/process_metrics.hpp"

#include <boost/asio/signal_set.hpp>

namespace chaos {

/// Runs on the data thread of the io_context that it is given.
class NodeProcess {
 public:
  NodeProcess(asio::io_context& io, NodeOptions options, MakeRole make_role, std::vector<FaultEntry> faults);
  ~NodeProcess();

  /// Completes with the process's exit code when the node has ended: 0 asked to, 1 could not start its role.
  awaitable<int> run();

 private:
  void apply(v1::DesiredState state);
  std::string why_not(const v1::DesiredState& state) const;
  awaitable<void> find_address();
  void attach();
  bool load_state_file();
  awaitable<void> signals();
  awaitable<void> report_loop();
  awaitable<void> fault_loop();
  void send_report();
  void fill_figures(v1::Report& report);
  void update_pressure();
  awaitable<void> boot();
  awaitable<bool> serve();
  awaitable<Result<void>> start_role();
  awaitable<void> start_into(std::shared_ptr<Result<void>> started);
  awaitable<void> stop();
  awaitable<HttpResponse> metrics(HttpRequest request);

  asio::io_context& io_;
  NodeOptions options_;
  MakeRole make_role_;
  NodeClock clock_;
  Log log_;
  Deadlines deadlines_;
  prometheus::Registry registry_;
  RequestStats stats_;
  FaultSet faults_;
  MemoryGuard guard_;
  BlockGate gate_;
  std::map<std::string, std::any> states_;
  TaskGroup services_;          // the runtime's own
  TaskGroup tasks_;             // the role's
  v1::DesiredState desired_;
  NodeContext ctx_;
  FaultHost host_;
  Lifecycle lifecycle_;
  std::unique_ptr<ControlLink> link_;
  std::unique_ptr<Role> role_;
  std::unique_ptr<ProcessMetrics> process_metrics_;
  std::unique_ptr<HttpServer> metrics_server_;
  WaitList changed_;
  std::string refusal_;
  std::string process_;         // as it calls itself (Hello.process)
  bool stop_asked_ = false;
  Made made_ = Made::nothing;
  double slowdown_ = 1;
  double last_cpu_ = 0;
  RealTime last_cpu_at_ = RealClock::now();
};

}  // namespace chaos
