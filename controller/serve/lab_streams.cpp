// The streams of the Lab service: Watch, Events, Logs.
#include "serve/lab_service.hpp"

#include "launch/log_file.hpp"
#include "launch/log_tail.hpp"
#include "runtime/sleep.hpp"

#include <algorithm>
#include <cmath>

namespace chaos {

namespace {

constexpr double kMinInterval = 0.05;
constexpr double kMaxInterval = 60;
constexpr std::uint32_t kMaxLines = 10'000;
constexpr std::uint32_t kPresetLines = 50;
constexpr std::size_t kEventBound = 16'384;       // more than the hub keeps
constexpr RealDuration kLook = std::chrono::milliseconds(100);

RealDuration interval_of(const v1::WatchRequest& request) {
  const double asked = request.interval_s() > 0 && std::isfinite(request.interval_s()) ? request.interval_s() : 1;
  return real_ms(1000 * std::clamp(asked, kMinInterval, kMaxInterval));
}

}  // namespace

// A reader that is slower than the interval gets fewer of them, each the newest.
awaitable<void> LabService::watch(ServerStream<v1::LabStatus>::Ptr stream, v1::WatchRequest request, bool see_hidden) {
  const RealDuration interval = interval_of(request);
  std::uint64_t seq = request.events_after();
  RealTime at = RealClock::now();
  while (!closed_ && !stream->gone()) {
    if (RealClock::now() >= at && stream->idle()) {
      v1::LabStatus status = api_.watch(seq, see_hidden);
      if (status.events_size() > 0) seq = status.events(status.events_size() - 1).seq();
      const bool last = status.state() == "ended";
      stream->push(std::move(status));
      if (last) break;
      at = std::max(at + interval, RealClock::now());
    }
    co_await sleep_real(std::clamp<RealDuration>(at - RealClock::now(), real_ms(1), kLook));
  }
  stream->finish(grpc::Status::OK);
}

LabService::Writer<v1::LabStatus>* LabService::Watch(Context* context, const v1::WatchRequest* request) {
  auto stream = ServerStream<v1::LabStatus>::open();
  asio::post(io_, [this, stream, request = *request, see = game_master(*context)] { tasks_.spawn("watch", watch(stream, request, see)); });
  return stream.get();
}

LabService::Writer<v1::Event>* LabService::Events(Context* context, const v1::EventsRequest* request) {
  auto stream = ServerStream<v1::Event>::open(kEventBound);
  asio::post(io_, [this, stream, request = *request, see = game_master(*context)] {
    api_.events().serve(stream, request.after(), see, request.follow() && !closed_);
  });
  return stream.get();
}

awaitable<void> LabService::tail(ServerStream<v1::LogLine>::Ptr stream, v1::LogsRequest request) {
  LogTail tail(log_path(api_.logs_dir(), request.node()));
  const std::uint32_t wanted = request.last_lines() > 0 ? request.last_lines() : kPresetLines;
  auto lines = tail.last(std::min(wanted, kMaxLines));
  while (!stream->gone()) {
    for (std::string& text : lines) {
      v1::LogLine line;
      line.set_node(request.node());
      line.set_line(std::move(text));
      stream->push(std::move(line));
    }
    if (!request.follow() || closed_) break;
    co_await sleep_real(kLook);
    lines.clear();
    if (stream->idle()) lines = tail.next();     // a slow reader slows the reading down
  }
  stream->finish(grpc::Status::OK);
}

LabService::Writer<v1::LogLine>* LabService::Logs(Context*, const v1::LogsRequest* request) {
  auto stream = ServerStream<v1::LogLine>::open(kEventBound);
  asio::post(io_, [this, stream, request = *request] {
    const auto known = request.node() == "controller" ? Answer<void>() : api_.model().registry.want_node("logs", request.node());
    const auto file = log_path(api_.logs_dir(), request.node());
    if (!known) {
      stream->finish(to_status(known.error()));
    } else if (std::error_code ec; !std::filesystem::exists(file, ec)) {
      stream->finish({grpc::StatusCode::FAILED_PRECONDITION, "no log of " + request.node() + " is kept here: it logs where it runs (in containers: docker compose logs " + request.node() + ")"});
    } else {
      tasks_.spawn("logs", tail(stream, request));
    }
  });
  return stream.get();
}

}  // namespace chaos
