// What is told of a finished run, read from the record.
#pragma once

#include "cli/cli.hpp"
#include "drill/scoring.hpp"
#include "record/record.hpp"

#include <string>
#include <vector>

namespace chaos::cli {

/// "" or "last": the newest run. Throws Failure when there is no record or no such run.
RunData load_run(const Cli& cli, const std::string& run);

Score score_run(const RunData& data);

struct RunScore {
  std::string run;
  Score score;
};

/// The scores side by side, for people.
void print_scores(const std::vector<RunScore>& scores, const v1::Contract& contract);
/// One element of `responders` in drill compare -o json.
std::string score_json(const Score& score, const std::string& run);

/// Writes Markdown and HTML into the data directory's reports/ and returns their paths.
std::vector<std::filesystem::path> write_reports(const Cli& cli, const RunData& data);

}  // namespace chaos::cli
