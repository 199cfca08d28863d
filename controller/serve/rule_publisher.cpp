#include "serve/rule_publisher.hpp"

#include "runtime/sleep.hpp"

#include <charconv>
#include <fstream>

namespace chaos {

namespace {

constexpr RealDuration kLook = std::chrono::milliseconds(200);
constexpr RealDuration kRetry = std::chrono::seconds(1);
constexpr RealDuration kReloadBound = std::chrono::seconds(5);
constexpr unsigned short kPrometheusPort = 9090;

unsigned short port_of(const std::string& address) {
  const auto colon = address.rfind(':');
  unsigned short port = kPrometheusPort;
  if (colon != std::string::npos) std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  return port;
}

}  // namespace

RulesTarget rules_target(const ControllerOptions& options, const std::string& http) {
  RulesTarget out{options.rules, options.rules_reload, {}};
  const bool everywhere = http.starts_with("0.0.0.0:") || http.starts_with("[::]:");
  if (!options.web.empty()) out.place.web = options.web;
  else if (!everywhere) out.place.web = "http://" + http;
  out.place.grafana = options.grafana;
  return out;
}

RulePublisher::RulePublisher(NodeContext& ctx, const LabModel& model, RulesTarget target) : ctx_(ctx), model_(model), target_(std::move(target)) {
  if (target_.reload.empty()) return;
  v1::Peer peer;
  peer.set_name("prometheus");
  peer.set_address(target_.reload.substr(0, target_.reload.rfind(':')));
  prometheus_ = std::make_unique<HttpPool>(ctx_, peer, port_of(target_.reload), 1);
}

awaitable<void> RulePublisher::run() {
  bool told = true;
  while (true) {
    if (model_.speed() != written_for_) {
      if (write()) told = false;
    }
    if (!told) told = co_await reload();
    co_await sleep_real(told ? kLook : kRetry);
  }
}

bool RulePublisher::write() {
  target_.place.scale.speed = model_.speed();
  const std::filesystem::path fresh = target_.file.string() + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  out << rules::rules_file(model_.drill(), target_.place);
  out.close();
  std::error_code ec;
  if (out) std::filesystem::rename(fresh, target_.file, ec);
  const bool done = out && !ec;
  if (done) written_for_ = model_.speed();
  if (!done && !complained_) ctx_.log.error("rules_not_written", {{"file", target_.file.string()}, {"why", ec ? ec.message() : "cannot be written"}});
  complained_ = !done;
  return done;
}

awaitable<bool> RulePublisher::reload() {
  if (!prometheus_) co_return true;
  HttpRequest request;
  request.method = "POST";
  request.target = "/-/reload";
  const auto answer = co_await prometheus_->fetch(std::move(request), RealClock::now() + kReloadBound);
  if (answer && answer->status == 200) {
    ctx_.log.info("rules_in_force", {{"speed", written_for_}});
    complained_ = false;
    co_return true;
  }
  const std::string why = answer ? std::to_string(answer->status) + " " + answer->body.substr(0, 300) : answer.error().message();
  if (!complained_) ctx_.log.error("rules_not_reloaded", {{"prometheus", target_.reload}, {"why", why}});
  complained_ = true;
  co_return false;
}

}  // namespace chaos
