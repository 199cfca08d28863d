// The settings that CONFIG knows.
#pragma once

#include "redis/engine.hpp"

#include <span>

namespace chaos::redis {

/// One setting. set: null when it is fixed; says what is wrong with the value, or nothing.
struct Parameter {
  std::string_view name;
  std::string (*get)(const Engine& engine);
  std::string (*set)(Settings& settings, std::string_view value);
};

/// Those that CONFIG SET changes.
std::span<const Parameter> settable_parameters();
/// Those that only tell how this node is.
struct FixedParameter { std::string_view name, value; };
std::span<const FixedParameter> fixed_parameters();

}  // namespace chaos::redis
