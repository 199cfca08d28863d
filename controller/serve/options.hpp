// The command line of chaos-controller.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace chaos {

struct ControllerOptions {
  std::string drill = "guided-incident-response";   // name or path
  std::filesystem::path data = ".chaoslab";
  std::string responder;              // empty: a person
  std::uint64_t seed = 1;
  double speed = 60;
  int octet = 0;                      // 0: the first free from 42 on
  std::filesystem::path node_binary;  // default: beside this one
  bool end_with_run = false;
  bool resume = false;                // go on with a run that was cut off, where there is one of this drill
  bool drill_named = false;           // --drill was there
  std::string until_lab;              // "HH:MM"; empty: the drill's length
  bool launch = true;                 // false: nodes come from elsewhere
  int parent = 0;                     // end when this process is no longer the parent; 0: whoever it is
  std::string listen;                 // HOST:PORT of gRPC; default: 127.<octet>.1.1:7000
  std::string alerts = "own";         // or webhook: Prometheus evaluates, Alertmanager tells
  std::filesystem::path rules;        // file for Prometheus; empty: none is written
  std::string rules_reload;           // HOST:PORT of the Prometheus that reads it
  std::string web;                    // what alerts link to; empty: where HTTP is listened on
  std::string grafana;                // what the web page links to; empty: no link
  std::string prometheus;
  std::string alertmanager;
};

/// The options, or the process's exit code (help: 0, wrong arguments: 2, told on standard error).
std::optional<ControllerOptions> parse_controller_options(int argc, char** argv, int& exit_code);

/// When the run ends, in lab seconds: the next HH:MM after the start, or start + length; none when malformed.
std::optional<double> end_of_run(const std::string& until_lab, double start_lab_s, double length_lab_s);

}  // namespace chaos
