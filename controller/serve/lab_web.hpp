// What the controller serves to people and to Grafana, beside what lab_http.hpp serves to Prometheus.
#pragma once

#include "serve/lab_api.hpp"
#include "serve/options.hpp"
#include "web/console.hpp"
#include "web/prom_api.hpp"

namespace chaos {

/// Engine's thread only; fills the table, and lives as long as it. Destroyed before the engine's io_context.
class LabWeb {
 public:
  LabWeb(web::Routes& routes, LabApi& api, const ControllerOptions& options, web::Archive& archive);

 private:
  web::Console::Parts console_parts(const ControllerOptions& options, web::Archive& archive);
  web::CurrentRun current() const;

  LabApi& api_;
  web::PromApi prom_;
  web::Console console_;
};

}  // namespace chaos
