// Keeps Prometheus' rules in step with the lab's speed: their windows are lab time.
#pragma once

#include "rules/rules_file.hpp"
#include "runtime/http_client.hpp"
#include "serve/lab_model.hpp"
#include "serve/options.hpp"

#include <filesystem>

namespace chaos {

struct RulesTarget {
  std::filesystem::path file;        // Prometheus' rule_files names it
  std::string reload;                // HOST:PORT of a Prometheus with --web.enable-lifecycle; empty: it is not told
  rules::RulesPlace place;           // its speed is the lab's
};

/// http: HOST:PORT on which the controller listens.
RulesTarget rules_target(const ControllerOptions& options, const std::string& http);

/// Engine's thread only.
class RulePublisher {
 public:
  RulePublisher(NodeContext& ctx, const LabModel& model, RulesTarget target);
  /// Writes the file when the speed is another, in one step, and asks Prometheus to read it until it has. For ever; what fails
  /// is logged once and tried again.
  awaitable<void> run();

 private:
  bool write();
  awaitable<bool> reload();

  NodeContext& ctx_;
  const LabModel& model_;
  RulesTarget target_;
  std::unique_ptr<HttpPool> prometheus_;
  double written_for_ = 0;           // speed; 0: never
  bool complained_ = false;
};

}  // namespace chaos
