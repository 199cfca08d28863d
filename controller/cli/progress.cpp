#include "cli/progress.hpp"

#include "cli/interrupt.hpp"
#include "cli/print.hpp"

#include <cmath>
#include <iostream>

namespace chaos::cli {

namespace {

std::string bar(double done) {
  constexpr int kWidth = 20;
  const int filled = std::min(kWidth, static_cast<int>(std::lround(done * kWidth)));
  std::string out = "[";
  for (int i = 0; i < kWidth; ++i) out += i < filled ? "█" : "·";
  return out + "]";
}

}  // namespace

void follow_progress(Cli& cli, const std::function<ProgressReader(grpc::ClientContext&)>& begin) {
  grpc::ClientContext context;
  const Interrupt interrupt([&context] { context.TryCancel(); });
  const ProgressReader reader = begin(context);
  v1::Progress step;
  while (reader->Read(&step)) {
    if (cli.json()) {
      std::cout << to_json(step, false) << std::endl;
    } else {
      std::cout << bar(step.done()) << " " << (step.node().empty() ? "" : step.node() + ": ") << step.text() << std::endl;
    }
  }
  const grpc::Status status = reader->Finish();
  if (interrupt.came()) {
    std::cerr << "no longer watched; the lab goes on with it: chaosctl events -f\n";
    return;
  }
  expect_ok(status);
}

}  // namespace chaos::cli
