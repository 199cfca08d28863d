#include "redis/info.hpp"

#include <algorithm>

namespace chaos::redis {
namespace {

bool wanted(const InfoSection& section, const std::vector<std::string>& names) {
  if (names.empty()) return section.by_default;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == section.name || name == "all" || name == "everything" || (name == "default" && section.by_default);
  });
}

}  // namespace

std::string info_text(Engine& engine, const std::vector<std::string>& sections) {
  constexpr std::string_view kOrder[]{"server", "clients", "memory", "persistence", "stats", "replication", "cpu", "modules",
                                      "commandstats", "errorstats", "latencystats", "cluster", "keyspace"};
  std::string text;
  for (const auto name : kOrder) {
    for (const auto& family : {state_sections(), stats_sections()}) {
      const auto section = std::find_if(family.begin(), family.end(), [&](const InfoSection& s) { return s.name == name; });
      if (section == family.end() || !wanted(*section, sections)) continue;
      if (!text.empty()) text += "\r\n";
      text.append("# ").append(section->title).append("\r\n");
      section->write(engine, std::back_inserter(text));
    }
  }
  return text;
}

}  // namespace chaos::redis
