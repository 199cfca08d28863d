#include "serve/options.hpp"

#include "drill/drill_folders.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

namespace chaos {

namespace {

// A page shows it as a link: nothing else than a web address may be one.
CLI::Validator web_address() {
  const auto check = [](const std::string& text) {
    const bool web = text.empty() || text.starts_with("http://") || text.starts_with("https://");
    return web ? std::string{} : "\"" + text + "\" is no web address: http://HOST:PORT";
  };
  return CLI::Validator(check, "URL");
}

}  // namespace

std::optional<ControllerOptions> parse_controller_options(int argc, char** argv, int& exit_code) {
  ControllerOptions options;
  bool no_launch = false;
  CLI::App app{"The controller of the chaos lab: starts the nodes, drives the drill, keeps the record.\n"
               "Usually chaosctl starts it."};
  const CLI::Option* drill = app.add_option("--drill", options.drill, "drill: its name, or the path of a .yaml file")->capture_default_str();
  app.add_option("--data", options.data, "data directory: record, logs, the nodes' data")->capture_default_str();
  app.add_option("--responder", options.responder, "one of the drill's responders is on call (default: a person)");
  app.add_option("--seed", options.seed, "seed of all chance in the run")->capture_default_str();
  app.add_option("--speed", options.speed, "lab seconds a real second")->check(CLI::Range(1.0, 1440.0))->capture_default_str();
  app.add_option("--octet", options.octet, "second octet of the lab's addresses (default: the first free from 42 on)")->check(CLI::Range(0, 254));
  app.add_option("--node-binary", options.node_binary, "chaos-node (default: beside this program)");
  app.add_flag("--end-with-run", options.end_with_run, "end the lab when the run has ended");
  app.add_flag("--resume", options.resume, "go on with the run that was cut off; with --drill only with one of that drill, seed and responder, else a new run begins");
  app.add_option("--until-lab", options.until_lab, "end the run at this lab time, HH:MM (default: the drill's length)");
  app.add_flag("--no-launch", no_launch, "start no nodes: they come from elsewhere (containers)");
  app.add_option("--parent", options.parent, "end politely when this process is no longer the parent");
  app.add_option("--listen", options.listen, "HOST:PORT of gRPC; HTTP has port 7070 of the same host (default: 127.OCTET.1.1:7000)");
  app.add_option("--alerts", options.alerts, "own: the controller evaluates the alerts; webhook: Prometheus does, and Alertmanager posts them to /alerts")
      ->check(CLI::IsMember({"own", "webhook"}))->capture_default_str();
  app.add_option("--prometheus-rules", options.rules, "keep Prometheus' rules in this file, in step with the lab's speed");
  app.add_option("--prometheus-reload", options.rules_reload, "HOST:PORT of the Prometheus that is to read them anew (--web.enable-lifecycle)");
  app.add_option("--web", options.web, "URL at which people reach this controller's web page: alerts link to its runbooks (default: where it listens)")->check(web_address());
  app.add_option("--grafana", options.grafana, "URL at which people reach Grafana: the web page and alerts link to it")->check(web_address());
  app.add_option("--prometheus", options.prometheus, "URL at which people reach Prometheus, for the web page")->check(web_address());
  app.add_option("--alertmanager", options.alertmanager, "URL at which people reach Alertmanager, for the web page")->check(web_address());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    exit_code = app.exit(e) == 0 ? 0 : 2;
    return std::nullopt;
  }
  for (std::string* url : {&options.web, &options.grafana, &options.prometheus, &options.alertmanager}) {
    while (url->ends_with('/')) url->pop_back();      // paths are put behind them
  }
  options.launch = !no_launch;
  options.drill_named = drill->count() > 0;
  if (options.node_binary.empty()) options.node_binary = own_folder() / "chaos-node";
  return options;
}

std::optional<double> end_of_run(const std::string& until_lab, double start_lab_s, double length_lab_s) {
  if (until_lab.empty()) return start_lab_s + length_lab_s;
  int hours = 0;
  int minutes = 0;
  const char* const end = until_lab.data() + until_lab.size();
  const auto [colon, bad_hours] = std::from_chars(until_lab.data(), end, hours);
  if (bad_hours != std::errc{} || colon == end || *colon != ':') return std::nullopt;
  const auto [last, bad_minutes] = std::from_chars(colon + 1, end, minutes);
  if (bad_minutes != std::errc{} || last != end || last - colon != 3) return std::nullopt;
  if (hours < 0 || hours > 24 || minutes < 0 || minutes > 59) return std::nullopt;
  double at = hours * 3600.0 + minutes * 60.0;
  while (at <= start_lab_s) at += 86'400;
  return at;
}

}  // namespace chaos
