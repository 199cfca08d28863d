// Tools that not every machine has. A test whose tool is missing is skipped where a person works; in CI (CI set) it fails.
#pragma once

#include "support/process.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace chaos::test {

inline bool in_ci() { return std::getenv("CI") != nullptr; }
inline bool has_program(const std::string& name) { return sh("command -v " + name).exit == 0; }

}  // namespace chaos::test

/// Ends the test when `there` does not hold; stream why into it.
#define CHAOS_NEEDS(there, why)                                          \
  if (!(there)) {                                                        \
    if (::chaos::test::in_ci()) FAIL() << "in CI this must run: " << why; \
    GTEST_SKIP() << why;                                                 \
  }
