// Small things done to text in more than one protocol. Pure.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace chaos {

/// A to Z as a to z and the reverse; all other bytes stay (no locale).
inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
inline char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

inline std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = upper(c);
  return out;
}

/// The same but for the case of A to Z, as names of HTTP's fields and its tokens compare.
inline bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

/// For text and for attributes in double quotes (XML 1.0, section 2.4); control characters as character references.
std::string xml_escape(std::string_view text);

}  // namespace chaos
