// compose/compose.yaml brought up as a person does, with the stand-ins for what cannot be pulled. One at a time on a machine.
#pragma once

#include "support/process.hpp"
#include "support/prometheus.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace chaos::test {

namespace json = boost::json;

inline const std::string kProject = "chaoslab-test";
inline constexpr const char* kPrometheusUrl = "http://127.0.0.1:9090";
inline constexpr const char* kControllerUrl = "http://127.0.0.1:7070";

class Stack : public testing::Test {
 protected:
  /// variables: of the compose file, "CHAOSLAB_SPEED=120 CHAOSLAB_RESPONDER=rolling". Every service but Grafana, which has no stand-in.
  static void bring_up(const std::string& variables);
  /// Nothing of the project is left.
  static void take_down();

  static Output compose(const std::string& arguments, int seconds = 60);
  /// As a person does from the host.
  static Output ctl(const std::string& arguments, int seconds = 90);
  /// What `chaosctl -o json` says; null when it says nothing.
  static json::value ask(const std::string& arguments);
  static std::string state();
  static json::value node(const std::string& name);
  static bool ready(const std::string& name);
  /// Of a service, its container's id.
  static std::string container(const std::string& service);
  static std::string inspect(const std::string& service, const std::string& what);
  /// Services of the project whose containers are healthy.
  static int healthy();
  static int orders();
  static double success();

  /// A figure for people, in the test's output: nothing depends on it.
  static void tell(const std::string& what, double value, const std::string& unit);
  /// Seconds since bring_up began.
  static double seconds_up();
  /// Megabytes of all containers that `docker stats` shows for the project, without Prometheus and Alertmanager.
  static double lab_mb();

  static inline std::string variables_;
  static inline std::chrono::steady_clock::time_point began_;
};

}  // namespace chaos::test
