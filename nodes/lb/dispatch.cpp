// From a request to a server's answer: the choice, the wait for a place, the attempts (lb/proxy.hpp).
#include "lb/proxy.hpp"

namespace chaos {

awaitable<HttpResponse> Proxy::dispatch(Stream& stream, const HttpRequest& request, std::string_view pinned) {
  Tried tried;
  ErrorCode error;
  while (true) {
    auto seated = co_await seat(stream, tried, pinned);
    if (!seated) {
      const bool none_left = seated.error() == Errc::no_backend && stream.retries > 0;
      co_return none_left ? server_failed(stream, error) : no_seat(stream, seated.error());
    }
    const Seat own = std::move(*seated);
    stream.moved = stream.moved || (stream.server && stream.server != own.shared());
    stream.server = own.shared();
    auto answer = co_await exchange(stream, own, request);
    if (answer) {
      answer->headers.set("X-Backend", own.backend().peer.name());
      co_return std::move(*answer);
    }
    error = answer.error();
    if (!try_again(stream, own.backend(), request.method, error, tried)) co_return server_failed(stream, error);
  }
}

awaitable<Result<Seat>> Proxy::seat(Stream& stream, const Tried& tried, std::string_view pinned) {
  const RealTime deadline = ctx_.clock.now() + real_ms(farm_.config().queue_timeout_ms());
  const bool same_again = stream.retries > 0 && tried.empty();
  while (!stream.killed) {
    Farm::Place place = same_again && stream.server->takes_its_own() ? farm_.again(stream.server) : farm_.place(tried, pinned);
    if (!place.seat && place.queue) {
      const RealTime from = ctx_.clock.now();
      if (from >= deadline) co_return Errc::timeout;
      const std::size_t now_queued = queued() + 1;
      metrics_.current_queue->Set(static_cast<double>(now_queued));
      place.seat = co_await place.queue->wait(tried, deadline, stream.interrupt);
      metrics_.current_queue->Set(static_cast<double>(queued()));
      if (!place.seat) continue;
    }
    if (!place.seat) co_return Errc::no_backend;
    Backend& backend = place.seat.backend();
    const RealTime now = ctx_.clock.now();
    backend.rate.add(now);
    backend.last_session = now;
    stream.queued = now - stream.begin;
    co_return std::move(place.seat);
  }
  co_return Errc::closed;
}

awaitable<Result<HttpResponse>> Proxy::exchange(Stream& stream, const Seat& seat, const HttpRequest& request) {
  Backend& backend = seat.backend();
  stream.connect.reset();
  stream.trace = {};
  backend.max_used = std::max(backend.max_used, backend.sessions);
  auto answer = co_await backend.pool.fetch_traced(request, ctx_.clock.now() + real_ms(farm_.config().timeout_ms()), stream.trace);
  const HttpTrace& trace = stream.trace;
  if (trace.connected) {
    stream.connect = trace.connect;
    (trace.reused ? backend.metrics.reuses : backend.metrics.connects).add();
    (trace.reused ? metrics_.reuses : metrics_.connects).add();
  }
  if (answer) {
    stream.answer = trace.answer;
    backend.metrics.responses[code_index(answer->status)].add();
  } else {
    failed(stream, seat, answer.error());
  }
  co_return answer;
}

void Proxy::failed(Stream& stream, const Seat& seat, ErrorCode error) {
  Backend& backend = seat.backend();
  const HttpTrace& trace = stream.trace;
  (trace.connected ? backend.metrics.response_errors : backend.metrics.connection_errors).add();
  (trace.connected ? metrics_.response_errors : metrics_.connection_errors).add();
  if (trace.received > 0 && !stream.killed && error != Errc::timeout) {
    backend.metrics.server_aborts.add();
    metrics_.server_aborts.add();
  }
  if (error == Errc::refused && !trace.connected) farm_.refused(backend);
}

bool Proxy::try_again(Stream& stream, Backend& backend, std::string_view method, ErrorCode error, Tried& tried) {
  const int retries = farm_.config().retries();
  if (stream.killed || stream.retries >= retries || !may_retry(method, error)) return false;
  ++stream.retries;
  backend.metrics.retries.add();
  metrics_.retries.add();
  if (moves_on(farm_.config().redispatch(), stream.retries, retries)) {
    tried.push_back(backend.shared_from_this());
    backend.metrics.redispatches.add();
    metrics_.redispatches.add();
  }
  return true;
}

HttpResponse Proxy::answer_failure(Stream& stream, Failure failure) {
  stream.end = failure.end;
  return text_response(failure.status, std::move(failure.text));
}

HttpResponse Proxy::no_seat(Stream& stream, ErrorCode error) {
  if (stream.killed) return answer_failure(stream, {503, "the session was killed in the queue\n", {'K', 'Q'}});
  metrics_.connection_errors.add();
  if (error == Errc::timeout) return answer_failure(stream, {503, "every server is full: waited in the queue for too long\n", {'s', 'Q'}});
  metrics_.no_backend.add();
  return answer_failure(stream, {503, no_backend_reason(farm_.unusable()) + "\n", {'S', 'C'}});
}

HttpResponse Proxy::server_failed(Stream& stream, ErrorCode error) {
  const std::string& last = stream.server->peer.name();
  const bool connected = stream.trace.connected;
  Failure failure{failure_status(error, connected), last + ": " + error.message() + "\n", {}};
  const bool late = error == Errc::timeout;
  const bool invalid = error == Errc::protocol || error == Errc::too_large;
  failure.end = {late ? 's' : invalid ? 'P' : 'S', connected ? 'H' : 'C'};
  if (stream.killed) failure = {502, last + ": the session was killed\n", {'K', 'H'}};
  HttpResponse response = answer_failure(stream, std::move(failure));
  response.headers.set("X-Backend", last);
  return response;
}

}  // namespace chaos
