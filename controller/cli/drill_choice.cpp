#include "cli/drill_choice.hpp"

#include "drill/drill_folders.hpp"

namespace chaos::cli {

DrillFile chosen_drill(const std::string& name) {
  DrillResult found = load_drill(name, drill_folders());
  if (found.file) return std::move(*found.file);
  const bool unknown = found.faults.size() == 1 && found.faults[0].place.line == 0;   // no file at all
  if (unknown) throw Failure(kNotFound, found.faults[0].to_string());
  std::string text = name + " does not load:";
  for (const FileFault& fault : found.faults) text += "\n  " + fault.to_string();
  throw Failure(kUsage, text);
}

DrillFile chosen_drill(const std::string& name, const std::string& responder) {
  DrillFile file = chosen_drill(name);
  if (responder.empty()) return file;
  std::string names;
  for (const auto& one : file.drill.responders()) {
    if (one.name() == responder) return file;
    names += (names.empty() ? "" : ", ") + one.name();
  }
  throw Failure(kUsage, file.drill.name() + " has no responder \"" + responder + "\"; it has " + (names.empty() ? "none" : names));
}

}  // namespace chaos::cli
