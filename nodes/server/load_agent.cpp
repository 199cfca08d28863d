#include "server/load_agent.hpp"

#include "server/load_line.hpp"

#include <chrono>
#include <utility>

namespace chaos {

namespace {
constexpr std::size_t kMaxSessions = 32;
constexpr std::size_t kMaxHosts = 64;
constexpr std::size_t kMaxRequest = 4096;
constexpr std::chrono::seconds kTime{1};
}  // namespace

LoadAgent::LoadAgent(NodeContext& ctx, const Station& station)
    : ctx_(ctx), station_(station),
      listener_(ctx, "agent", kMaxSessions, [this](std::shared_ptr<EdgeStream> stream) { return session(std::move(stream)); }) {}

Result<void> LoadAgent::follow() {
  const auto wanted = static_cast<unsigned short>(ctx_.desired().config().server().agent_port());
  if (std::exchange(port_, wanted) == wanted) return boost::system::in_place_value;
  listener_.close_all();
  if (wanted == 0) return boost::system::in_place_value;
  return listener_.listen(ctx_.address, wanted);
}

std::string LoadAgent::line_for(const std::string& host) const {
  ServerLoad load;
  load.slots = station_.settings().limits.slots;
  load.busy = station_.busy();
  load.waiting = station_.waiting();
  load.slowdown = ctx_.slowdown();
  return load_line(load, ctx_.draining(), !greeted_.contains(host));
}

awaitable<void> LoadAgent::session(std::shared_ptr<EdgeStream> stream) {
  stream->expires_after(kTime);
  const std::string host = stream->remote().substr(0, stream->remote().rfind(':'));
  const std::string line = line_for(host);
  const bool draining = ctx_.draining();
  auto sent = co_await stream->write(asio::buffer(line));
  if (!sent) co_return;
  if (greeted_.size() >= kMaxHosts) greeted_.clear();
  if (draining) greeted_.erase(host);
  else greeted_.insert(host);
  ErrorCode ignored;
  stream->socket().shutdown(asio::socket_base::shutdown_send, ignored);
  // A socket that is closed with unread bytes resets the connection, and the line would be lost with it.
  char rest[256];
  for (std::size_t total = 0; total < kMaxRequest;) {
    auto got = co_await stream->read_some(asio::buffer(rest));
    if (!got) co_return;
    total += *got;
  }
}

}  // namespace chaos
