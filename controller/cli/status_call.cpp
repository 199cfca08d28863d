#include "cli/status_call.hpp"

#include "cli/interrupt.hpp"
#include "cli/view.hpp"

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace chaos::cli {

v1::LabStatus get_status(Cli& cli) {
  Call context;
  v1::LabStatus status;
  expect_ok(cli.lab().GetStatus(&context, {}, &status));
  return status;
}

WatchEnd watch_status(Cli& cli, double interval_s, const std::function<void(const v1::LabStatus&)>& each) {
  grpc::ClientContext context;
  const Interrupt interrupt([&context] { context.TryCancel(); });
  v1::WatchRequest request;
  request.set_interval_s(interval_s);
  const auto reader = cli.lab().Watch(&context, request);
  v1::LabStatus status;
  while (reader->Read(&status)) each(status);
  const grpc::Status ended = reader->Finish();
  if (interrupt.came()) return WatchEnd::interrupted;
  if (ended.ok() || status.state() == "ended") return WatchEnd::over;
  if (ended.error_code() != grpc::StatusCode::UNAVAILABLE) expect_ok(ended);
  return WatchEnd::lost;
}

WatchEnd watch_live(Cli& cli, double interval_s, const std::string& footer) {
  constexpr std::size_t kKeep = 200;
  cli.lab();   // says that no lab is up before the screen is taken
  Screen screen;
  std::vector<v1::Event> events;
  return watch_status(cli, interval_s, [&](const v1::LabStatus& status) {
    events.insert(events.end(), status.events().begin(), status.events().end());
    if (events.size() > kKeep) events.erase(events.begin(), events.end() - kKeep);
    screen.draw(live_screen(status, events, {Screen::width(), Screen::height(), footer}));
  });
}

namespace {

winsize size() {
  winsize window{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0) return {40, 120, 0, 0};
  return window;
}

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

Screen::Screen() { put("\033[?1049h\033[?25l"); }
Screen::~Screen() { put("\033[?25h\033[?1049l"); }
std::size_t Screen::width() { return size().ws_col; }
std::size_t Screen::height() { return size().ws_row; }

void Screen::draw(const std::vector<std::string>& lines) {
  std::string frame = "\033[H";
  for (std::size_t i = 0; i < lines.size(); ++i) frame += lines[i] + "\033[K" + (i + 1 < lines.size() ? "\r\n" : "");
  put(frame + "\033[J");
}

}  // namespace chaos::cli
