// One user's request from the intended send time to its outcome; the other half of client.hpp's class.
#include "client/client.hpp"

#include "runtime/sleep.hpp"

namespace chaos {

namespace {
constexpr double kRetryJitterMs = 50;   // a retry waits up to this long, so that refused users do not march in step
}  // namespace

struct Client::InFlight {
  explicit InFlight(Client& c) : client(c) { ++client.in_flight_; }
  InFlight(const InFlight&) = delete;
  ~InFlight() {
    if (--client.in_flight_ == 0) client.quiet_.notify_all();
  }
  Client& client;
};

awaitable<void> Client::serve(Sent sent) {
  InFlight in_flight(*this);
  auto scope = ctx_.stats.begin(request_kind_name(sent.request.kind));
  std::string body;
  const Attempt last = co_await attempt_all(sent, body);
  settle(sent, last, body);
  scope.finish(!last.error && last.status < 500);
}

// Each attempt has the time-out for itself, so a retry after a time-out cannot be good any more: it is load all the same.
awaitable<Attempt> Client::attempt_all(Sent& sent, std::string& body) {
  const RealDuration timeout = real_ms(config_.timeout_ms());
  RealTime begin = sent.intended;
  for (int retries = 0;; ++retries) {
    const Attempt last = co_await attempt(sent.request.http, begin + timeout, body);
    if (!retry_paid(sent, last, retries)) co_return last;
    co_await sleep_real(real_ms(choices_.uniform() * kRetryJitterMs));
    begin = ctx_.clock.now();
  }
}

awaitable<Attempt> Client::attempt(HttpRequest request, RealTime deadline, std::string& body) {
  const auto target = targets_.next();
  if (!target) co_return Attempt{Errc::no_backend};
  auto answer = co_await target->fetch(std::move(request), deadline);
  if (!answer) co_return Attempt{answer.error()};
  body = std::move(answer->body);
  co_return Attempt{{}, answer->status};
}

bool Client::retry_paid(const Sent& sent, const Attempt& attempt, int retries_done) {
  if (retries_done >= config_.retries() || stopping_ || sent.run != run_number_) return false;
  if (!may_retry(sent.request.kind, attempt) || !budget_.take()) return false;
  metrics_.retries->Increment();
  ledger_.retried();
  return true;
}

void Client::settle(const Sent& sent, const Attempt& attempt, std::string_view body) {
  const RealDuration took = ctx_.clock.now() - sent.intended;
  const RequestKind kind = sent.request.kind;
  const Outcome outcome = judge(attempt, took, real_ms(config_.timeout_ms()));
  metrics_.count(kind, outcome);
  if (answered(outcome)) metrics_.observe(kind, took);
  if (sent.run != run_number_) return;   // its run is over and told
  ledger_.finished(sent.intended_lab, outcome, took);
  if (attempt.error) return;
  if (kind == RequestKind::order_status && attempt.status == 404) metrics_.stale_reads->Increment();
  if (kind == RequestKind::order && attempt.status == 201) {
    if (const auto order = order_id(body)) acknowledge(*order);
  }
}

void Client::acknowledge(std::int64_t order) {
  recent_.add(order);
  const auto written = ledger_.acknowledged(order);
  if (!written && !std::exchange(write_failed_, true)) {
    ctx_.log.error("ack_log_failed", {{"error", written.error().message()}});
  }
}

}  // namespace chaos
