// The web page of the lab: /, /api/status, /runs/rN.
#pragma once

#include "web/archive.hpp"
#include "web/routes.hpp"
#include "web/runbooks.hpp"
#include "web/status_json.hpp"

namespace chaos::web {

/// Engine's thread. Lives as long as the table.
class Console {
 public:
  struct Parts {
    Archive& archive;
    std::function<v1::LabStatus()> status;     // as everyone may see it, with the newest events
    std::string title;                         // of the drill
    MonitoringLinks links;
    bool published = false;                    // Place::published
  };
  explicit Console(Parts parts);
  void add_to(Routes& routes);

 private:
  awaitable<HttpResponse> status(HttpRequest request);
  awaitable<HttpResponse> run(HttpRequest request);

  Parts p_;
  Runbooks runbooks_;
  std::set<std::string> runbook_names_;
};

}  // namespace chaos::web
