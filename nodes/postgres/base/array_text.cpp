#include "postgres/base/array_text.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

bool is_null_word(std::string_view text) {
  return text.size() == 4 && std::equal(text.begin(), text.end(), "null", [](unsigned char a, char b) { return std::tolower(a) == b; });
}

}  // namespace

std::optional<std::vector<ArrayItem>> read_array(std::string_view text) {
  if (!text.starts_with('{') || !text.ends_with('}') || text.size() < 2) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<ArrayItem> items;
  std::string item;
  bool inside = false, quoted = false;
  const auto flush = [&] {
    while (!quoted && item.ends_with(' ')) item.pop_back();
    if (!quoted && is_null_word(item)) items.emplace_back(std::nullopt);
    else items.emplace_back(std::move(item));
    item.clear();
    quoted = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) item.push_back(text[++i]);
    else if (c == '"') inside = !inside, quoted = true;
    else if (c == ',' && !inside) flush();
    else if ((c == '{' || c == '}') && !inside) return std::nullopt;
    else if (c != ' ' || inside || !item.empty()) item.push_back(c);
  }
  if (inside) return std::nullopt;
  if (!text.empty()) flush();
  return items;
}

std::string write_array(const std::vector<ArrayItem>& items) {
  std::string out = "{";
  for (const ArrayItem& item : items) {
    if (out.size() > 1) out.push_back(',');
    if (!item) {
      out += "NULL";
      continue;
    }
    const bool plain = !item->empty() && !is_null_word(*item) && item->find_first_of("{}\",\\ \t\n") == std::string::npos;
    if (plain) {
      out += *item;
      continue;
    }
    out.push_back('"');
    for (const char c : *item) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  return out + "}";
}

}  // namespace chaos::pg
