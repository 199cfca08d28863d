// The text of INFO.
#pragma once

#include "redis/engine.hpp"

namespace chaos::redis {

/// sections: lower case; empty: the default ones. Fields and names as Redis 7 has them, all of them real figures.
std::string info_text(Engine& engine, const std::vector<std::string>& sections);

}  // namespace chaos::redis
