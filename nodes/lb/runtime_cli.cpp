#include "lb/runtime_cli.hpp"

#include "lb/runtime_api.hpp"

namespace chaos {

namespace {

constexpr std::size_t kMaxLine = 4096;
constexpr std::size_t kMaxSessions = 32;
constexpr std::chrono::seconds kSend{10};

// The next line without its end, also a last one that the end of the stream cuts; what follows it stays in `buffer`.
awaitable<Result<std::string>> read_line(EdgeStream& stream, std::string& buffer) {
  char chunk[1024];
  while (buffer.find('\n') == std::string::npos) {
    if (buffer.size() > kMaxLine) co_return Errc::too_large;
    auto got = co_await stream.read_some(asio::buffer(chunk));
    if (!got && got.error() == Errc::closed && !buffer.empty()) buffer.push_back('\n');
    else if (!got) co_return got.error();
    else buffer.append(chunk, *got);
  }
  const auto end = buffer.find('\n');
  std::string line = buffer.substr(0, end);
  buffer.erase(0, end + 1);
  co_return line;
}

}  // namespace

RuntimeCli::RuntimeCli(NodeContext& ctx, Console& console)
    : console_(console),
      tcp_(ctx, "runtime_api", kMaxSessions, [this](std::shared_ptr<EdgeStream> stream) { return session(std::move(stream)); }),
      local_(ctx, "runtime_socket", kMaxSessions, [this](std::shared_ptr<EdgeStream> stream) { return session(std::move(stream)); }) {}

void RuntimeCli::close_all() {
  tcp_.close_all();
  local_.close_all();
}

awaitable<void> RuntimeCli::session(std::shared_ptr<EdgeStream> stream) {
  struct Open {
    explicit Open(Console& of) : console(of) { console.cli_opened(); }
    Open(const Open&) = delete;
    ~Open() { console.cli_closed(); }
    Console& console;
  } open(console_);
  RuntimeApi api(console_);
  std::string buffer;
  while (true) {
    stream->expires_after(std::chrono::seconds(api.timeout_s()));
    auto line = co_await read_line(*stream, buffer);
    if (!line) co_return;
    const RuntimeApi::Reply reply = api.run(*line);
    stream->expires_after(kSend);
    auto sent = co_await stream->write(asio::buffer(reply.text));
    if (!sent || reply.close) co_return;
  }
}

}  // namespace chaos
