#include "lb/byte_dump.hpp"

#include <fmt/format.h>

namespace chaos {

namespace {

constexpr std::size_t kLine = 70;    // written, not read

std::string written(char c) {
  switch (c) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    case '\\': return "\\\\";
    case '\x1b': return "\\e";
    default: break;
  }
  return c >= ' ' && c <= '~' ? std::string(1, c) : fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
}

}  // namespace

std::string byte_dump(std::string_view bytes) {
  std::string out;
  std::string line;
  std::size_t start = 0;
  bool goes_on = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    line += written(bytes[i]);
    const bool ends = bytes[i] == '\n';
    if (!ends && line.size() < kLine && i + 1 < bytes.size()) continue;
    out += fmt::format("  {:05}{} {}\n", start, goes_on ? '+' : ' ', line);
    goes_on = !ends;
    start = i + 1;
    line.clear();
  }
  return out;
}

}  // namespace chaos
