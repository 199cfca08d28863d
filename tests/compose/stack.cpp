#include "compose/stack.hpp"

#include <cstdio>
#include <cstdlib>

namespace chaos::test {

namespace {

const std::string kFolder = std::string(CHAOSLAB_SOURCE_DIR) + "/compose";
const std::string kOurs = "label=com.docker.compose.project=" + kProject;

std::string one_line(const std::string& command) { return sh(command + " | tr -d '\\n '").out; }

}  // namespace

void Stack::bring_up(const std::string& variables) {
  variables_ = variables;
  began_ = std::chrono::steady_clock::now();
  const std::string services = sh("docker-compose -f " + kFolder + "/compose.yaml config --services | grep -v '^grafana$' | tr '\\n' ' '").out;
  const Output up = compose("up -d --no-build " + services, 120);
  ASSERT_EQ(up.exit, 0) << up.out;
  ASSERT_TRUE(eventually([] { return state() == "running"; }, std::chrono::seconds(60))) << compose("logs --tail 20").out;
}

void Stack::take_down() {
  const auto begin = std::chrono::steady_clock::now();
  const Output down = compose("down -v", 120);
  tell("down -v", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), "s");
  EXPECT_EQ(down.exit, 0) << down.out;
  EXPECT_EQ(sh("docker ps -aq --filter " + kOurs).out, "");
  EXPECT_EQ(sh("docker volume ls -q --filter " + kOurs).out, "");
  EXPECT_EQ(sh("docker network ls -q --filter " + kOurs).out, "");
}

Output Stack::compose(const std::string& arguments, int seconds) {
  return sh("env " + variables_ + " docker-compose --env-file " + kFolder + "/offline/images.env -p " + kProject + " -f " + kFolder + "/compose.yaml " + arguments, seconds);
}

Output Stack::ctl(const std::string& arguments, int seconds) {
  return sh((bin_dir() / "chaosctl").string() + " --controller 127.0.0.1:7000 " + arguments, seconds);
}

json::value Stack::ask(const std::string& arguments) {
  boost::system::error_code ec;
  const auto value = json::parse(ctl("-o json " + arguments).out, ec);
  return ec ? json::value() : value;
}

std::string Stack::state() {
  const auto status = ask("status");
  return status.is_object() ? std::string(status.at("state").as_string()) : std::string();
}

json::value Stack::node(const std::string& name) {
  const auto status = ask("status");
  if (!status.is_object()) return {};
  for (const auto& one : status.at("nodes").as_array()) {
    if (one.at("name").as_string() == name) return one;
  }
  return {};
}

bool Stack::ready(const std::string& name) {
  const auto found = node(name);
  return found.is_object() && found.at("attached").as_bool() && found.at("phase").as_string() == "PHASE_READY";
}

std::string Stack::container(const std::string& service) {
  return one_line("docker ps -aq --filter " + kOurs + " --filter label=com.docker.compose.service=" + service);
}

std::string Stack::inspect(const std::string& service, const std::string& what) {
  return sh("docker inspect --format '{{" + what + "}}' " + container(service) + " | tr -d '\\n'").out;
}

int Stack::healthy() { return std::stoi("0" + one_line("docker ps -q --filter " + kOurs + " --filter health=healthy | wc -l")); }

int Stack::orders() { return std::stoi("0" + sh("psql -h 127.0.0.1 -U shop -tAc 'select count(*) from orders'").out); }

void Stack::tell(const std::string& what, double value, const std::string& unit) { std::printf("[ figure   ] %s: %.1f %s\n", what.c_str(), value, unit.c_str()); }

double Stack::seconds_up() { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }

double Stack::lab_mb() {
  const std::string sum = sh("docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' $(docker ps -q --filter " + kOurs + ") | grep -vE 'prometheus|alertmanager' | "
                             "awk '{unit = $2 ~ /GiB/ ? 1024 : $2 ~ /MiB/ ? 1 : $2 ~ /KiB/ ? 1 / 1024 : 0; sum += ($2 + 0) * unit} END {print sum * 1.048576}'").out;
  return std::atof(sum.c_str());
}


double Stack::success() {
  const auto contract = ask("contract");
  return contract.is_object() ? contract.at("uptime_now").to_number<double>() : 0;
}

}  // namespace chaos::test
