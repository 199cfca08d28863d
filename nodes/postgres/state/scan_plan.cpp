#include "postgres/state/scan_plan.hpp"

namespace chaos::pg {

TableScan read_scan(std::string_view line) {
  const bool scan = line.starts_with("SCAN "), search = line.starts_with("SEARCH ");
  if (!scan && !search) return {};
  line.remove_prefix(scan ? 5 : 7);
  TableScan out{std::string(line.substr(0, line.find(' ')))};
  if (line.find(" VIRTUAL TABLE ") != std::string_view::npos || line.find("CONSTANT ROW") != std::string_view::npos) return {};
  out.keyed = line.find(" USING INTEGER PRIMARY KEY") != std::string_view::npos;
  static constexpr std::string_view kIndex = "INDEX ";
  const std::size_t index = line.find(kIndex);
  const bool automatic = line.find("AUTOMATIC") != std::string_view::npos;
  if (index != std::string_view::npos && !automatic) {
    const std::string_view name = line.substr(index + kIndex.size());
    out.index = name.substr(0, name.find(' '));
  }
  return out;
}

std::string name_of_alias(const Tokens& tokens, std::string_view alias) {
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const bool here = (tokens[i].kind == TokenKind::word || tokens[i].kind == TokenKind::quoted) && name_of(tokens[i]) == alias;
    if (!here) continue;
    const std::size_t before = tokens[i - 1].is("as") && i > 1 ? i - 2 : i - 1;
    const Token& name = tokens[before];
    if ((name.kind == TokenKind::word || name.kind == TokenKind::quoted) && !name.is("from") && !name.is("join")) return name_of(name);
  }
  return {};
}

}  // namespace chaos::pg
