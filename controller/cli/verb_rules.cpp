#include "cli/drill_choice.hpp"
#include "cli/verbs.hpp"
#include "rules/rules_file.hpp"
#include "runtime/json_text.hpp"

#include <boost/json.hpp>
#include <yaml-cpp/yaml.h>

#include <iostream>

namespace chaos::cli {

namespace {

boost::json::value as_json(const YAML::Node& node) {
  if (node.IsSequence()) {
    boost::json::array out;
    for (const YAML::Node& one : node) out.push_back(as_json(one));
    return out;
  }
  if (!node.IsMap()) return boost::json::value_from(node.as<std::string>());
  boost::json::object out;
  for (const auto& member : node) out[member.first.as<std::string>()] = as_json(member.second);
  return out;
}

}  // namespace

void add_rules(CLI::App& app, Cli& cli) {
  auto* verb = app.add_subcommand("rules", "Prometheus' rules for a drill: the contract's SLIs and burn-rate alerts, the drill's own alerts, symptoms");
  auto drill = std::make_shared<std::string>("guided-incident-response");
  auto place = std::make_shared<rules::RulesPlace>();
  verb->add_option("--drill", *drill, "name, or path of a .yaml file")->capture_default_str();
  verb->add_option("--speed", place->scale.speed, "lab seconds a real second: windows are lab time")->check(CLI::Range(1.0, 1440.0))->capture_default_str();
  verb->add_option("--scrape", place->scale.scrape_s, "Prometheus' scrape interval in seconds; no window is shorter than four")
      ->check(CLI::Range(0.1, 60.0))->capture_default_str();
  verb->add_option("--web", place->web, "the controller's page as a browser finds it; runbooks are below it")->capture_default_str();
  verb->add_option("--grafana", place->grafana, "Grafana as a browser finds it")->capture_default_str();
  verb->footer("Example: chaosctl rules --speed 60 > chaoslab.rules.yml; promtool check rules chaoslab.rules.yml");
  on_run(verb, cli, [&cli, drill, place] {
    const std::string file = rules::rules_file(chosen_drill(*drill).drill, *place);
    if (cli.json()) std::cout << json_text(as_json(YAML::Load(file))) << "\n";
    else std::cout << file;
  });
}

}  // namespace chaos::cli
