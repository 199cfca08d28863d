// The runbooks: docs/runbooks/NAME.md as pages.
#pragma once

#include "web/routes.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::web {

/// $CHAOSLAB_RUNBOOKS, the source tree or the share folder of this binary: those that are there.
std::vector<std::filesystem::path> runbook_folders();

/// Letters, digits, - and _; 64 at most: nothing that leads out of a folder.
bool is_runbook_name(std::string_view name);

class Runbooks {
 public:
  explicit Runbooks(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {}
  /// Without README. Reads the folders.
  std::set<std::string> names() const;
  /// The file's text, 256 kB at most; none: there is no such page.
  std::optional<std::string> text(std::string_view name) const;
  /// /runbooks/ and /runbooks/NAME. Lives as long as the table.
  void add_to(Routes& routes) const;

 private:
  HttpResponse list() const;
  HttpResponse page(std::string_view name) const;

  std::vector<std::filesystem::path> folders_;
};

}  // namespace chaos::web
