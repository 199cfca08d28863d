#include "redis/values/glob.hpp"

#include <algorithm>
#include <cstddef>

namespace chaos::redis {
namespace {

/// Takes one class from behind its '[' and says whether it holds `c`. An unclosed class ends with the pattern.
bool take_class(std::string_view pattern, std::size_t& at, char c) {
  const bool negated = at < pattern.size() && pattern[at] == '^';
  if (negated) ++at;
  bool found = false;
  while (at < pattern.size() && pattern[at] != ']') {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    char low = pattern[at++];
    char high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-') {
      high = pattern[at + 1];
      at += 2;
    }
    if (low > high) std::swap(low, high);
    found = found || (c >= low && c <= high);
  }
  if (at < pattern.size()) ++at;
  return found != negated;
}

/// Matches one character of the text against the pattern's next element, and steps over that.
bool take_one(std::string_view pattern, std::size_t& at, char c) {
  const char p = pattern[at++];
  if (p == '?') return true;
  if (p == '[') return take_class(pattern, at, c);
  if (p == '\\' && at < pattern.size()) return pattern[at++] == c;
  return p == c;
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;   // behind the last '*', and how far it has eaten
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      resume = t;
    } else if (p < pattern.size() && take_one(pattern, p, text[t])) {
      ++t;
    } else if (star != std::string_view::npos) {
      p = star;
      t = ++resume;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(std::min(p, pattern.size())), pattern.end(),
                     [](char c) { return c == '*'; });
}

}  // namespace chaos::redis
