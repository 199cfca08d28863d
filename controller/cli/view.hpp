// A LabStatus as lines of text: for status, top and the live drill. Pure but for the terminal's colours.
#pragma once

#include "chaoslab/v1/lab.pb.h"

#include <string>
#include <vector>

namespace chaos::cli {

/// Header line, then a row a node in path order.
std::vector<std::string> node_table(const v1::LabStatus& status);
/// "uptime 99.21 % (>= 95 %)  P95 128 ms (<= 320 ms)  budget 735 $/month (<= 760)".
std::vector<std::string> contract_lines(const v1::ContractStatus& contract);
/// The planned day as a bar chart of `width` columns, two rows high, the present marked, hours below.
std::vector<std::string> curve_lines(const v1::LabStatus& status, std::size_t width);
std::string event_line(const v1::Event& event);
/// What to try next in another terminal, from what is wrong now.
std::string hint(const v1::LabStatus& status);

struct ScreenShape {
  std::size_t width = 120;
  std::size_t height = 40;
  std::string footer;
};

/// A whole screen of at most shape.height lines; events: the newest last.
std::vector<std::string> live_screen(const v1::LabStatus& status, const std::vector<v1::Event>& events, const ScreenShape& shape);

/// "127.42.x.y": where the lab's nodes listen; empty when it is not on this machine's loopback.
std::string address_range(const v1::LabStatus& status);

}  // namespace chaos::cli
