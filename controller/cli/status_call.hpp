// The lab's status, asked once or watched.
#pragma once

#include "cli/cli.hpp"

#include <functional>

namespace chaos::cli {

v1::LabStatus get_status(Cli& cli);

/// over: the run has ended, or the lab did politely. lost: its controller is gone.
enum class WatchEnd { over, interrupted, lost };

/// Calls `each` with every status until then.
WatchEnd watch_status(Cli& cli, double interval_s, const std::function<void(const v1::LabStatus&)>& each);

/// The same as a live view of the whole terminal; footer: its last line.
WatchEnd watch_live(Cli& cli, double interval_s, const std::string& footer);

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
