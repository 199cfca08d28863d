#include "serve/lab_web.hpp"

#include "serve/host.hpp"

namespace chaos {

namespace {

constexpr std::size_t kShownEvents = 40;

}  // namespace

LabWeb::LabWeb(web::Routes& routes, LabApi& api, const ControllerOptions& options, web::Archive& archive)
    : api_(api), prom_(archive, [this] { return current(); }), console_(console_parts(options, archive)) {
  prom_.add_to(routes);
  console_.add_to(routes);
}

web::Console::Parts LabWeb::console_parts(const ControllerOptions& options, web::Archive& archive) {
  const web::MonitoringLinks links{options.grafana, options.prometheus, options.alertmanager};
  return {archive, [this] { return api_.status(false, kShownEvents); }, api_.model().drill().title(), links, !options.launch};
}

web::CurrentRun LabWeb::current() const {
  return {api_.model().run, api_.model().revealed(), unix_us_now() / 1000};
}

}  // namespace chaos
