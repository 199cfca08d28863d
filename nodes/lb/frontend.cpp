#include "lb/frontend.hpp"

namespace chaos {

namespace {
constexpr std::size_t kBadKept = 8;
constexpr std::size_t kBytesKept = 1024;
}

void Frontend::opened(EdgeStream& /*stream*/) {
  max_sessions = std::max(max_sessions, ++sessions);
  total.add();
  rate.add(clock_.now());
}

void Frontend::closed(EdgeStream& stream) {
  --sessions;
  bytes_in.add(stream.take_received());
}

void Frontend::malformed(EdgeStream& stream, unsigned status, std::string_view received) {
  bad_.push_back({std::chrono::system_clock::now(), stream.remote(), status, std::string(received.substr(0, kBytesKept))});
  if (bad_.size() > kBadKept) bad_.pop_front();
}

void Frontend::answered(EdgeStream& stream, std::string_view method, const HttpResponse& response, ErrorCode error, std::size_t bytes) {
  const std::uint64_t received = stream.take_received();
  bytes_in.add(received);
  bytes_out.add(bytes);
  requests.add();
  request_rate.add(clock_.now());
  responses[code_index(response.status)].add();
  if (method.empty()) request_errors.add();
  if (on_answer) on_answer(stream, response, error, received, bytes);
}

void Frontend::clear_counters(bool all) {
  max_sessions = sessions;
  rate.clear_max();
  request_rate.clear_max();
  if (!all) return;
  for (Tally* one : {&total, &requests, &request_errors, &bytes_in, &bytes_out}) one->clear();
  for (Tally& code : responses) code.clear();
}

}  // namespace chaos
