// The fields of HAProxy's statistics: names, order and nature (HAProxy 2.6; management guide, sections 9.1 and 9.2).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace chaos {

struct StatsField {
  std::string_view name;
  std::string_view tags;    // origin, nature, scope: "MGP" is a metric, a gauge, of this process
  std::string_view type;    // u32, u64, s32, str
};

const std::vector<StatsField>& stats_fields();
/// In the CSV a column "-" stands before this field: from here on they belong to modules.
inline constexpr std::size_t kFirstModuleField = 103;

}  // namespace chaos
