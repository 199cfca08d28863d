// compose/k8s as kustomize makes it: valid by the published schemas, held tight, and whole in itself.
#include "e2e/kubernetes_objects.hpp"

namespace chaos::test {
namespace {

TEST_F(Kubernetes, EveryObjectIsValidByThePublishedSchemas) {
  const Output checked = validate(rendered_.out);
  CHAOS_NEEDS(checked.exit != kCannot, checked.out);
  EXPECT_EQ(checked.exit, 0) << checked.out;
  EXPECT_NE(checked.out.find(std::to_string(objects_.size()) + " objects, 0 problems"), std::string::npos) << checked.out;
}

TEST_F(Kubernetes, WhatIsBrokenIsFound) {
  struct Broken { std::string right, wrong, told; };
  const std::vector<Broken> kBroken = {
      {"readOnlyRootFilesystem:", "readOnlyRootFileSystem:", "unknown field spec.template.spec.containers.0.securityContext.readOnlyRootFileSystem"},
      {"replicas: 5", "replicas: five", "data/spec/replicas must be integer"},
      {"kind: NetworkPolicy", "kind: NetworkPolice", "no such kind: networking.k8s.io/v1 NetworkPolice"},
      {"storage: 2Gi", "storage: 2Gib", "must match format \"quantity\""},
      {"  selector:\n    matchLabels:\n      chaoslab/role: server\n", "", "StatefulSet server: data/spec must have required property selector"}};
  std::string text = rendered_.out;
  for (const Broken& broken : kBroken) {
    const auto at = text.find(broken.right);
    ASSERT_NE(at, std::string::npos) << broken.right;
    text.replace(at, broken.right.size(), broken.wrong);
  }
  const Output checked = validate(text);
  CHAOS_NEEDS(checked.exit != kCannot, checked.out);
  EXPECT_EQ(checked.exit, 1);
  for (const Broken& broken : kBroken) EXPECT_NE(checked.out.find(broken.told), std::string::npos) << broken.told << "\n" << checked.out;
}

TEST_F(Kubernetes, WhatOutlivesAProcessIsOnAClaim) {
  for (const YAML::Node& workload : workloads()) {
    const bool cold = std::set<std::string>{"cdn", "lb", "server", "redis", "worker"}.contains(role(workload));
    EXPECT_EQ(workload["spec"]["volumeClaimTemplates"].IsDefined(), !cold) << name_of(workload);
  }
}

TEST_F(Kubernetes, EveryPodIsHeldTight) {
  EXPECT_EQ(object("Namespace", "chaoslab")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"].as<std::string>(), "restricted");
  for (const YAML::Node& workload : workloads()) {
    const std::string name = name_of(workload);
    EXPECT_FALSE(pod(workload)["automountServiceAccountToken"].as<bool>()) << name;
    EXPECT_TRUE(pod(workload)["securityContext"]["runAsNonRoot"].as<bool>()) << name;
    EXPECT_EQ(pod(workload)["securityContext"]["seccompProfile"]["type"].as<std::string>(), "RuntimeDefault") << name;
    ASSERT_EQ(pod(workload)["containers"].size(), 1U) << name;
    const YAML::Node tight = container(workload)["securityContext"];
    EXPECT_TRUE(tight["readOnlyRootFilesystem"].as<bool>()) << name;
    EXPECT_FALSE(tight["allowPrivilegeEscalation"].as<bool>()) << name;
    EXPECT_EQ(strings(tight["capabilities"]["drop"]), std::vector<std::string>{"ALL"}) << name;
    EXPECT_TRUE(container(workload)["readinessProbe"]) << name;
    EXPECT_EQ(container(workload)["livenessProbe"].IsDefined(), role(workload).empty()) << name << ": a hang is the lab's to see, not kubelet's to cure";
    for (const std::string what : {"cpu", "memory"}) EXPECT_TRUE(container(workload)["resources"]["limits"][what]) << name;
    for (const auto& volume : pod(workload)["volumes"]) EXPECT_FALSE(volume["hostPath"]) << name;
  }
}

TEST_F(Kubernetes, WhatIsReferredToExists) {
  for (const YAML::Node& workload : workloads()) {
    const std::string name = name_of(workload);
    EXPECT_TRUE(selects(workload["spec"]["selector"]["matchLabels"], labels(workload))) << name;
    EXPECT_EQ(selected(workload["spec"]["selector"]["matchLabels"]), 1) << name;
    if (workload["kind"].as<std::string>() == "StatefulSet") EXPECT_TRUE(object("Service", workload["spec"]["serviceName"].as<std::string>())) << name;
    std::set<std::string> volumes, mounted;
    for (const auto& claim : workload["spec"]["volumeClaimTemplates"]) volumes.insert(name_of(claim));
    for (const auto& volume : pod(workload)["volumes"]) {
      volumes.insert(volume["name"].as<std::string>());
      if (volume["configMap"]) EXPECT_TRUE(object("ConfigMap", volume["configMap"]["name"].as<std::string>())) << name;
      if (volume["persistentVolumeClaim"]) EXPECT_TRUE(object("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"].as<std::string>())) << name;
    }
    for (const auto& mount : container(workload)["volumeMounts"]) mounted.insert(mount["name"].as<std::string>());
    EXPECT_EQ(mounted, volumes) << name;
  }
}

std::set<std::string> ports_let_in(const YAML::Node& policy) {
  std::set<std::string> names;
  for (const auto& rule : policy["spec"]["ingress"]) {
    for (const auto& port : rule["ports"]) names.insert(port["port"].as<std::string>());
  }
  return names;
}

TEST_F(Kubernetes, PoliciesSpeakOfPodsThatExist) {
  for (const YAML::Node& policy : all({"NetworkPolicy"})) {
    const YAML::Node to = policy["spec"]["podSelector"]["matchLabels"];
    if (to) EXPECT_GE(selected(to), 1) << name_of(policy);
    for (const auto& rule : policy["spec"]["ingress"]) {
      for (const auto& from : rule["from"]) EXPECT_GE(selected(from["podSelector"]["matchLabels"]), 1) << name_of(policy);
    }
  }
}

TEST_F(Kubernetes, PortsAndVariablesThatAreNamedExist) {
  for (const YAML::Node& workload : workloads()) {
    for (const std::string probe : {"readinessProbe", "livenessProbe"}) {
      const YAML::Node asked = container(workload)[probe];
      if (asked && asked["httpGet"]) EXPECT_TRUE(ports(workload).contains(asked["httpGet"]["port"].as<std::string>())) << name_of(workload);
    }
    for (const auto& from : container(workload)["envFrom"]) EXPECT_TRUE(object("ConfigMap", from["configMapRef"]["name"].as<std::string>())) << name_of(workload);
    for (const YAML::Node& policy : all({"NetworkPolicy"})) {
      const YAML::Node to = policy["spec"]["podSelector"]["matchLabels"];
      if (!to || !selects(to, labels(workload))) continue;
      for (const std::string& port : ports_let_in(policy)) EXPECT_TRUE(ports(workload).contains(port)) << name_of(policy);
    }
  }
  for (const YAML::Node& service : all({"Service"})) {
    EXPECT_EQ(selected(service["spec"]["selector"]), 1) << name_of(service);
    const YAML::Node single = object("Deployment", name_of(service));
    const YAML::Node workload = single ? single : object("StatefulSet", name_of(service));
    for (const auto& port : service["spec"]["ports"]) EXPECT_TRUE(ports(workload).contains(port["targetPort"].as<std::string>())) << name_of(service);
  }
}

TEST_F(Kubernetes, BudgetsHoldTheStoresAndTakeOneOfTheRest) {
  std::map<std::string, int> may_go;
  for (const YAML::Node& budget : all({"PodDisruptionBudget"})) {
    const YAML::Node selector = budget["spec"]["selector"];
    const auto roles = selector["matchLabels"] ? std::vector<std::string>{selector["matchLabels"]["chaoslab/role"].as<std::string>()} : strings(selector["matchExpressions"][0]["values"]);
    for (const std::string& one : roles) may_go[one] = budget["spec"]["maxUnavailable"].as<int>();
  }
  const std::map<std::string, int> wanted = {{"server", 1}, {"replica", 1}, {"worker", 1}, {"postgres", 0}, {"queue", 0}, {"object_store", 0}};
  EXPECT_EQ(may_go, wanted);
}

}  // namespace
}  // namespace chaos::test
