#include "record/postmortem.hpp"

#include <fstream>
#include <system_error>

namespace chaos {
namespace {

/// Whole or not at all: a reader never sees half a page.
RecordResult<void> replace_file(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path fresh = file.string() + ".new";
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return RecordError(fresh, "cannot be written");
  std::error_code ec;
  std::filesystem::rename(fresh, file, ec);
  if (ec) return RecordError(file, "cannot be replaced: " + ec.message());
  return {};
}

}  // namespace

RecordResult<PostmortemFiles> write_postmortem(const RunData& data, const std::filesystem::path& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return RecordError(folder, "cannot be made: " + ec.message());
  const std::string stem = "postmortem-" + data.info.id;
  PostmortemFiles files{folder / (stem + ".html"), folder / (stem + ".md")};
  if (auto written = replace_file(files.html, postmortem_html(data)); !written) return written.error();
  if (auto written = replace_file(files.markdown, postmortem_markdown(data)); !written) return written.error();
  return files;
}

}  // namespace chaos
