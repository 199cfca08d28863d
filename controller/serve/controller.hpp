// The controller, put together: from its options to its exit code.
#pragma once

#include "drill/drill_file.hpp"
#include "launch/supervisor.hpp"
#include "serve/conductor.hpp"
#include "serve/data_dir.hpp"
#include "serve/host.hpp"
#include "serve/lab_http.hpp"
#include "serve/lab_service.hpp"
#include "serve/lab_web.hpp"
#include "serve/options.hpp"
#include "serve/rule_publisher.hpp"
#include "serve/settlement.hpp"

#include <grpcpp/server.h>

namespace chaos {

/// Everything is made by the constructor's parts; run() goes through the lab's life once. Main thread.
class Controller {
 public:
  struct Parts {
    ControllerOptions options;
    DrillFile drill;
    double end_lab_s = 0;
    std::unique_ptr<DataDir> data;
    std::unique_ptr<Record> record;
    std::unique_ptr<RunWriter> writer;
    std::string run;                    // its id
    std::optional<CutOffRun> cut_off;   // that is gone on with
    int octet_before = 0;               // of its addresses; 0: none, or none that this controller gave
  };
  explicit Controller(Parts parts);
  ~Controller();

  /// 0: ended as asked or with the run; 1: the lab did not come up.
  int run();

 private:
  awaitable<int> life();
  awaitable<void> live();
  awaitable<bool> get_ready();
  std::string why_not_ready(const std::string& unready) const;
  void take_up(const CutOffRun& run);
  bool can_launch();
  bool open_doors();
  HttpResponse hear(const HttpRequest& request);
  bool announce();
  void launch();
  void plan_addresses();
  void tell_addresses();
  LabApiParts api_parts();
  const v1::Responder* responder() const;
  awaitable<void> signals();
  void ask_end(bool settle);
  bool hands_over() const;
  void hand_over();
  void keep();
  void end_run();
  awaitable<void> end();
  awaitable<void> close_server();

  Parts parts_;
  std::string grpc_address_;
  std::string http_host_;
  ControllerHost host_;
  LabModel model_;
  Recorder recorder_;
  EventHub events_;
  Fleet fleet_;
  Operations operations_;
  Conductor conductor_;
  LabApi api_;
  TaskGroup calls_;                 // what operators' calls run in
  LabService lab_service_;
  NodeControlService node_service_;
  web::Archive archive_;
  LabHttp http_;
  LabWeb web_;
  std::optional<RulePublisher> rule_publisher_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Supervisor> supervisor_;
  std::optional<Settlement> settlement_;     // once the run is over
  WaitList changed_;
  bool end_asked_ = false;
  bool settle_ = false;
  bool down_asked_ = false;      // by an operator: the lab, not this process alone
  std::string failure_;
};

}  // namespace chaos
