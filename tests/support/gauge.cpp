#include "support/gauge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace chaos::test {

double metric(const std::string& address, const std::string& name, const std::string& label) {
  const Output scraped = sh("curl -s -m 2 http://" + address + ":9100/metrics", 5);
  if (scraped.exit != 0) return std::nan("");
  std::istringstream in(scraped.out);
  double sum = 0;
  for (std::string line; std::getline(in, line);) {
    const bool ours = line.starts_with(name + "{") || line.starts_with(name + " ");
    if (ours && line.find(label) != std::string::npos) sum += std::stod(line.substr(line.rfind(' ') + 1));
  }
  return sum;
}

namespace {

double contract_figure(const Lab& lab, const char* name) {
  const auto contract = lab.json("contract");
  return contract.is_object() ? contract.at(name).to_number<double>() : std::nan("");
}

}  // namespace

double p95_now(const Lab& lab) { return contract_figure(lab, "p95_ms_now"); }
double success_now(const Lab& lab) { return contract_figure(lab, "uptime_now"); }

double resident_mb(const Lab& lab, const std::string& node) {
  const auto found = lab.node(node);
  return found.is_object() ? std::stod(std::string(found.at("resident_bytes").as_string())) / 1e6 : std::nan("");
}

double gauge(const Lab& lab, const std::string& node, const std::string& name) {
  const auto found = lab.node(node);
  if (!found.is_object()) return std::nan("");
  const auto* value = found.at("gauges").as_object().if_contains(name);
  return value ? value->to_number<double>() : std::nan("");
}

std::string inject(const Lab& lab, const std::string& arguments) {
  const auto reply = lab.json("inject " + arguments);
  return reply.is_object() ? std::string(reply.at("id").as_string()) : std::string{};
}

void clear(const Lab& lab, const std::string& id) {
  const Output output = lab.ctl("clear " + id);
  EXPECT_EQ(output.exit, 0) << output.out;
}

}  // namespace chaos::test
