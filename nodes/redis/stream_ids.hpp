// Ids of stream entries as commands give them.
#pragma once

#include "redis/command.hpp"
#include "redis/values/stream_box.hpp"

namespace chaos::redis {

inline constexpr std::string_view kBadStreamId = "ERR Invalid stream ID specified as stream command argument";

/// "5-1", or "5" with `missing` for what it leaves out.
std::optional<StreamId> stream_id(std::string_view text, std::uint64_t missing);

}  // namespace chaos::redis
