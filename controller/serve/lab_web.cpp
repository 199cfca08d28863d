#include "serve/lab_web.hpp"

#include "serve/host.hpp"

namespace chaos {

LabWeb::LabWeb(web::Routes& routes, LabApi& api, asio::any_io_executor engine, std::filesystem::path record)
    : api_(api), archive_(std::move(engine), std::move(record)), prom_(archive_, [this] { return current(); }) {
  prom_.add_to(routes);
}

web::CurrentRun LabWeb::current() const {
  return {api_.model().run, api_.model().revealed(), unix_us_now() / 1000};
}

}  // namespace chaos
