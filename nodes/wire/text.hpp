// Small things done to text in more than one protocol. Pure.
#pragma once

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

/// For text and for attributes in double quotes (XML 1.0, section 2.4); control characters as character references.
std::string xml_escape(std::string_view text);

}  // namespace chaos
