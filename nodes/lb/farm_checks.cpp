// The active health checks of lb/farm.hpp: HAProxy's `option httpchk GET /readyz`.
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

void tell_failure(CheckReport& report, ErrorCode error, bool connected) {
  if (error == Errc::refused) {
    report.status = "L4CON";
    report.info = "Connection refused";
  } else if (error == Errc::timeout) {
    report.status = connected ? "L7TOUT" : "L4TOUT";
  } else {
    report.status = connected ? "L7RSP" : "L4CON";
  }
}

struct UnderWay {
  explicit UnderWay(Backend& of) : backend(of) { backend.check_under_way = true; }
  UnderWay(const UnderWay&) = delete;
  ~UnderWay() { backend.check_under_way = false; }
  Backend& backend;
};

}  // namespace

awaitable<void> Farm::watch(std::shared_ptr<Backend> backend) {
  while (!backend->gone) {
    const auto wanted = [&backend] { return backend->checked && backend->admin != AdminState::maint; };
    if (wanted()) {
      CheckReport report = co_await check(backend);
      if (wanted() && !backend->gone) record(*backend, report);
    }
    co_await sleep_real(real_ms(config_.check_interval_ms()));
  }
}

awaitable<CheckReport> Farm::check(std::shared_ptr<Backend> backend) {
  const UnderWay under_way(*backend);
  const RealTime begin = ctx_.clock.now();
  HttpRequest request;
  request.target = "/readyz";
  HttpTrace trace;
  auto answer = co_await backend->check_pool.fetch_traced(request, begin + real_ms(config_.check_timeout_ms()), trace);
  CheckReport report;
  report.took = ctx_.clock.now() - begin;
  if (!answer) {
    tell_failure(report, answer.error(), trace.connected);
    co_return report;
  }
  report.result = result_of(*answer);
  report.code = answer->status;
  const bool good = report.result == CheckResult::passed;
  report.status = good ? "L7OK" : report.result == CheckResult::draining ? "L7OKC" : "L7STS";
  if (!good) report.info = status_reason(answer->status);
  co_return report;
}

}  // namespace chaos
