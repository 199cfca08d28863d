// One file a verb (verb_NAME.cpp), each adding itself to the command line.
#pragma once

#include "cli/cli.hpp"

namespace chaos::cli {

void add_up(CLI::App& app, Cli& cli);
void add_down(CLI::App& app, Cli& cli);
void add_status(CLI::App& app, Cli& cli);
void add_top(CLI::App& app, Cli& cli);
void add_contract(CLI::App& app, Cli& cli);
void add_events(CLI::App& app, Cli& cli);
void add_logs(CLI::App& app, Cli& cli);
void add_traffic(CLI::App& app, Cli& cli);
void add_speed(CLI::App& app, Cli& cli);
void add_faults(CLI::App& app, Cli& cli);
void add_inject(CLI::App& app, Cli& cli);
void add_clear(CLI::App& app, Cli& cli);
void add_restart(CLI::App& app, Cli& cli);
void add_rollback(CLI::App& app, Cli& cli);
void add_duty(CLI::App& app, Cli& cli);        // stop, start, drain, undrain
void add_scale(CLI::App& app, Cli& cli);
void add_failover(CLI::App& app, Cli& cli);
void add_drill(CLI::App& app, Cli& cli);
void add_postmortem(CLI::App& app, Cli& cli);
void add_rules(CLI::App& app, Cli& cli);
void add_completion(CLI::App& app, Cli& cli);

}  // namespace chaos::cli
