#include "cli/interrupt.hpp"
#include "cli/print.hpp"
#include "cli/verbs.hpp"
#include "launch/log_tail.hpp"
#include "runtime/schema.hpp"

#include <algorithm>
#include <iostream>

namespace chaos::cli {

namespace {

/// DIR/NAME.log, by NAME.
std::vector<std::string> logs_kept(const std::filesystem::path& dir) {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(dir, ec)) {
    if (entry.path().extension() == ".log") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What the last lab of the data directory left.
void print_kept(const Cli& cli, const std::string& node, std::uint32_t lines) {
  const std::filesystem::path dir = cli.data / "logs";
  const auto names = logs_kept(dir);
  if (names.empty()) throw Failure(kNoLab, "no lab is up in " + cli.data.string() + ", and none has left a log there");
  if (std::find(names.begin(), names.end(), node) == names.end()) {
    const std::string near = nearest(node, names);
    throw Failure(kNotFound, "no log of \"" + node + "\" in " + dir.string() + (near.empty() ? "" : "; the nearest is " + near));
  }
  std::cerr << "no lab is up in " << cli.data.string() << ": this is left of its last one\n";
  for (const std::string& line : LogTail(dir / (node + ".log")).last(lines)) std::cout << line << "\n";
}

}  // namespace

void add_logs(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("logs", "a node's log: one JSON object a line");
  auto request = std::make_shared<v1::LogsRequest>();
  auto node = std::make_shared<std::string>();
  auto follow = std::make_shared<bool>(false);
  auto lines = std::make_shared<std::uint32_t>(50);
  verb->add_option("node", *node, "its name, as in status; or controller")->required();
  verb->add_flag("-f,--follow", *follow, "go on with what is logged next");
  verb->add_option("-n,--lines", *lines, "begin with this many of the last lines")->capture_default_str();
  verb->footer("When no lab is up it reads what the last one left in the data directory.");
  on_run(verb, cli, [&cli, request, node, follow, lines] {
    if (cli.controller.empty() && read_lab_file(cli.data).pid == 0) return print_kept(cli, *node, *lines);
    grpc::ClientContext context;
    const Interrupt interrupt([&context] { context.TryCancel(); });
    request->set_node(*node);
    request->set_follow(*follow);
    request->set_last_lines(*lines);
    const auto reader = cli.lab().Logs(&context, *request);
    v1::LogLine line;
    while (reader->Read(&line)) std::cout << line.line() << std::endl;
    expect_ok(reader->Finish());
  });
}

}  // namespace chaos::cli
