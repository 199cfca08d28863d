// The text of INFO.
#pragma once

#include "redis/engine.hpp"

#include <iterator>

namespace chaos::redis {

/// sections: lower case; empty: the default ones. Fields and names as Redis 7 has them, computed from what the node is and
/// does; those of what it does not have (replicas, snapshots, scripts) stand at what they are in a Redis that uses none.
std::string info_text(Engine& engine, const std::vector<std::string>& sections);

struct InfoSection {
  std::string_view name;
  std::string_view title;
  bool by_default;
  void (*write)(Engine& engine, std::back_insert_iterator<std::string> out);
};
/// In info_state.cpp: what the node is. In info_stats.cpp: what it has done.
std::span<const InfoSection> state_sections();
std::span<const InfoSection> stats_sections();

}  // namespace chaos::redis
