// compose/k8s says what the drill, the lab's edges and compose.yaml say.
#include "e2e/kubernetes_objects.hpp"

namespace chaos::test {
namespace {

TEST_F(Kubernetes, EveryRoleHasTheDrillsNodesAndLimits) {
  std::map<std::string, YAML::Node> of_role;
  for (const YAML::Node& workload : workloads()) {
    if (!role(workload).empty()) of_role[role(workload)] = workload;
  }
  const auto roles = drill_roles();
  EXPECT_EQ(of_role.size(), roles.size());
  for (const DrillRole& wanted : roles) {
    ASSERT_TRUE(of_role.contains(wanted.name)) << wanted.name;
    const YAML::Node workload = of_role[wanted.name];
    EXPECT_EQ(workload["spec"]["replicas"].as<int>(), wanted.nodes) << wanted.name;
    EXPECT_EQ(container(workload)["resources"]["limits"]["memory"].as<std::string>(), std::to_string(static_cast<int>(wanted.limit_bytes / 1e6)) + "M") << wanted.name;
    EXPECT_EQ(container(workload)["args"][0].as<std::string>(), wanted.name);
    EXPECT_EQ(container(workload)["command"][0].as<std::string>(), "chaos-node");
  }
}

TEST_F(Kubernetes, NodesAreNamedAsTheDrillNamesThem) {
  for (const YAML::Node& workload : workloads()) {
    if (role(workload).empty()) continue;
    const auto args = strings(container(workload)["args"]);
    ASSERT_EQ(args.size(), 3U) << name_of(workload);
    ASSERT_EQ(args[1], "--name");
    if (args[2] == "$(POD_NAME)") {       // pods of a StatefulSet are NAME-1, NAME-2, ...
      EXPECT_EQ(workload["kind"].as<std::string>(), "StatefulSet");
      EXPECT_EQ(workload["spec"]["ordinals"]["start"].as<int>(), 1);
      EXPECT_EQ(name_of(workload), role(workload));
    } else {
      EXPECT_EQ(args[2], role(workload) + "-1");
      EXPECT_EQ(workload["spec"]["replicas"].as<int>(), 1) << "two nodes of one name";
    }
    if (workload["kind"].as<std::string>() == "Deployment") EXPECT_EQ(workload["spec"]["strategy"]["type"].as<std::string>(), "Recreate");
  }
}

TEST_F(Kubernetes, ServicesOfferThePortsThatComposePublishes) {
  const YAML::Node compose = YAML::LoadFile(kSource + "/compose/compose.yaml")["services"];
  for (const auto& one : compose) {
    std::string name = std::regex_replace(one.first.as<std::string>(), std::regex("-[0-9]+$"), "");
    std::replace(name.begin(), name.end(), '_', '-');
    std::set<std::string> offered;
    for (const auto& port : object("Service", name)["spec"]["ports"]) offered.insert(port["port"].as<std::string>());
    for (const std::string& port : strings(one.second["ports"])) EXPECT_TRUE(offered.contains(port.substr(port.rfind(':') + 1))) << name << " " << port;
  }
}

using Edges = std::set<std::pair<std::string, std::string>>;

/// Of one policy: whom it lets in to whom, roles alone.
Edges edges_of(const YAML::Node& policy) {
  Edges edges;
  const Words to = scalars(policy["spec"]["podSelector"]["matchLabels"]);
  for (const auto& rule : policy["spec"]["ingress"]) {
    for (const auto& from : rule["from"]) {
      const Words who = scalars(from["podSelector"]["matchLabels"]);
      if (who.contains("chaoslab/role") && to.contains("chaoslab/role")) edges.emplace(who.at("chaoslab/role"), to.at("chaoslab/role"));
    }
  }
  return edges;
}

TEST_F(Kubernetes, PoliciesAllowTheLabsEdgesAndNoOther) {
  Edges allowed, edges;
  for (const YAML::Node& policy : all({"NetworkPolicy"})) allowed.merge(edges_of(policy));
  const std::string code = read_text(kSource + "/controller/lab/edges.cpp");
  const std::regex kEdge(R"re(\{"([a-z_]+)", +"([a-z_]+)"\})re");
  for (std::sregex_iterator one(code.begin(), code.end(), kEdge), end; one != end; ++one) edges.emplace((*one)[1], (*one)[2]);
  EXPECT_EQ(allowed, edges);
  const YAML::Node base = object("NetworkPolicy", "nothing-by-default")["spec"];
  EXPECT_EQ(base["podSelector"].size(), 0U) << "every pod";
  EXPECT_EQ(strings(base["policyTypes"]), (std::vector<std::string>{"Ingress", "Egress"}));
}

TEST_F(Kubernetes, ControllerAndMonitoringAreToldWhatComposeTellsThem) {
  const YAML::Node compose = YAML::LoadFile(kSource + "/compose/compose.yaml")["services"];
  const Words lab = scalars(config("lab")["data"]);
  for (const std::string name : {"controller", "prometheus", "alertmanager", "grafana"}) {
    const YAML::Node held = container(object("StatefulSet", name));
    std::vector<std::string> wanted = strings(compose[name]["command"]), told = words(held);
    for (std::string& word : wanted) word = with_defaults(word);
    for (std::string& word : told) {
      if (word.starts_with("$(")) word = lab.at(word.substr(2, word.size() - 3));
    }
    EXPECT_EQ(told, wanted) << name;
    EXPECT_EQ(held["image"].as<std::string>(), with_defaults(member(compose[name], "image").as<std::string>())) << name;
    EXPECT_EQ(held["resources"]["limits"]["memory"].as<std::string>(), std::to_string(compose[name]["mem_limit"].as<int>() / 1000000) + "M") << name;
    Words said;
    for (const auto& variable : held["env"]) {
      if (variable["value"]) said[variable["name"].as<std::string>()] = variable["value"].as<std::string>();
    }
    Words environment = scalars(compose[name]["environment"]);
    environment.erase("GF_SECURITY_ADMIN_PASSWORD");      // a Secret here
    EXPECT_EQ(said, environment) << name;
  }
}

TEST_F(Kubernetes, ConfigMapsHoldTheFilesThatComposeMounts) {
  std::set<std::string> dashboards;
  std::size_t bytes = 0;
  for (const auto& [name, text] : scalars(config("grafana-dashboards")["data"])) {
    dashboards.insert(name);
    bytes += text.size();
  }
  EXPECT_EQ(dashboards, dashboard_files());
  EXPECT_LT(bytes, 1000000U) << "a ConfigMap holds a MiB";
  const std::map<std::string, std::string> files = {
      {"prometheus", "compose/prometheus/prometheus.yml"}, {"alertmanager", "compose/alertmanager/alertmanager.yml"},
      {"grafana-datasources", "dashboards/provisioning/datasources/chaoslab.yaml"}, {"grafana-providers", "dashboards/provisioning/dashboards/chaoslab.yaml"}};
  for (const auto& [name, path] : files) {
    const Words data = scalars(config(name)["data"]);
    ASSERT_EQ(data.size(), 1U) << name;
    EXPECT_EQ(data.begin()->second, read_text(kSource + "/" + path)) << name;
  }
}

}  // namespace
}  // namespace chaos::test
