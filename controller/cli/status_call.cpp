#include "cli/status_call.hpp"

#include "cli/interrupt.hpp"

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace chaos::cli {

v1::LabStatus get_status(Cli& cli) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  v1::LabStatus status;
  expect_ok(cli.lab().GetStatus(&context, {}, &status));
  return status;
}

bool watch_status(Cli& cli, double interval_s, const std::function<bool(const v1::LabStatus&)>& each) {
  grpc::ClientContext context;
  const Interrupt interrupt([&context] { context.TryCancel(); });
  v1::WatchRequest request;
  request.set_interval_s(interval_s);
  const auto reader = cli.lab().Watch(&context, request);
  v1::LabStatus status;
  while (reader->Read(&status)) {
    if (each(status)) continue;
    context.TryCancel();
    break;
  }
  const grpc::Status ended = reader->Finish();
  return !interrupt.came() && (ended.ok() || ended.error_code() == grpc::StatusCode::UNAVAILABLE);
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
