// The active health checks of lb/farm.hpp.
#include "lb/farm.hpp"

#include "runtime/sleep.hpp"

namespace chaos {

namespace {

// A server in service answers 200; one that warms or drains answers 503 and says which.
CheckResult result_of(const HttpResponse& answer) {
  if (answer.status >= 200 && answer.status < 400) return CheckResult::passed;
  if (answer.status != 503) return CheckResult::failed;
  return answer.body.find("draining") != std::string::npos ? CheckResult::draining : CheckResult::not_ready;
}

std::string_view word_of(ErrorCode error) {
  if (error == Errc::refused) return "L4CON";
  return error == Errc::timeout ? "L7TOUT" : "L7RSP";
}

}  // namespace

awaitable<void> Farm::watch(std::shared_ptr<Backend> backend) {
  while (!backend->gone) {
    if (backend->admin != AdminState::maint) {
      CheckReport report = co_await check(backend);
      if (backend->admin != AdminState::maint) record(*backend, std::move(report));
    }
    co_await sleep_real(real_ms(config_.check_interval_ms()));
  }
}

awaitable<CheckReport> Farm::check(std::shared_ptr<Backend> backend) {
  const RealTime begin = ctx_.clock.now();
  HttpRequest request;
  request.target = "/readyz";
  auto answer = co_await backend->check_pool.fetch(std::move(request), begin + real_ms(config_.check_timeout_ms()));
  CheckReport report;
  report.took = ctx_.clock.now() - begin;
  if (!answer) {
    report.status = word_of(answer.error());
    co_return report;
  }
  report.result = result_of(*answer);
  report.status = report.result == CheckResult::passed ? "L7OK" : "L7STS";
  report.code = answer->status;
  co_return report;
}

}  // namespace chaos
