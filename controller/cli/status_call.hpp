// The lab's status, asked once or watched.
#pragma once

#include "cli/cli.hpp"

#include <functional>

namespace chaos::cli {

v1::LabStatus get_status(Cli& cli);

/// Calls `each` with every status until it returns false, the lab ends or Ctrl-C comes. True when the lab ended by itself.
bool watch_status(Cli& cli, double interval_s, const std::function<bool(const v1::LabStatus&)>& each);

/// Owns the terminal's alternate screen while it lives; draws whole frames without flicker.
class Screen {
 public:
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  void draw(const std::vector<std::string>& lines);
  static std::size_t width();
  static std::size_t height();
};

}  // namespace chaos::cli
