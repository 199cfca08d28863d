// What the controller serves to people and to Grafana, beside what lab_http.hpp serves to Prometheus.
#pragma once

#include "serve/lab_api.hpp"
#include "web/prom_api.hpp"

namespace chaos {

/// Engine's thread only; fills the table, and lives as long as it. Destroyed before the engine's io_context.
class LabWeb {
 public:
  LabWeb(web::Routes& routes, LabApi& api, asio::any_io_executor engine, std::filesystem::path record);

 private:
  web::CurrentRun current() const;

  LabApi& api_;
  web::Archive archive_;
  web::PromApi prom_;
};

}  // namespace chaos
