// A drill from its start to its score, in the foreground.
#pragma once

#include "chaoslab/v1/drill.pb.h"
#include "cli/lab_process.hpp"

#include <string>
#include <vector>

namespace chaos::cli {

/// What the person on call is told at the start.
void print_brief(const v1::Drill& drill);

/// On a terminal with the live view, else with a line every few seconds on standard error.
void run_drill(Cli& cli, LaunchOptions options);

/// One run for each responder (all of the drill's when the list is empty), then the table or the JSON.
void compare_responders(Cli& cli, LaunchOptions options, std::vector<std::string> responders);

}  // namespace chaos::cli
