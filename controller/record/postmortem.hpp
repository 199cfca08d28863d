// The post-mortem of a run: a page for the browser and for paper, and the same as Markdown to go on writing in.
#pragma once

#include "record/record_error.hpp"
#include "record/run_data.hpp"

#include <filesystem>
#include <string>

namespace chaos {

struct PostmortemFiles {
  std::filesystem::path html;
  std::filesystem::path markdown;
};

/// Writes postmortem-<run>.html (self-contained, no script) and postmortem-<run>.md into `folder`, which is made
/// when missing; files of the same names are replaced whole. Every figure comes from `data`; what is absent there
/// is called "not measured". While the run is still running, hidden events and the drill's faults stay out of it.
RecordResult<PostmortemFiles> write_postmortem(const RunData& data, const std::filesystem::path& folder);

std::string postmortem_html(const RunData& data);
std::string postmortem_markdown(const RunData& data);

}  // namespace chaos
