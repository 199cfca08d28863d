#include "web/runbooks.hpp"

#include "drill/drill_folders.hpp"
#include "record/words.hpp"
#include "web/markdown.hpp"
#include "web/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace chaos::web {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxText = 256 * 1024;
constexpr std::string_view kRoute = "/runbooks/*";
constexpr std::string_view kReadme = "README";

// A link of a runbook: to another one, or out to the web; what else docs/ holds is not served.
std::string link_to(std::string_view url) {
  if (url.starts_with("http://") || url.starts_with("https://") || url.starts_with("#")) return std::string(url);
  const auto name = url.substr(0, url.find(".md"));
  if (name.size() + 3 != url.size() || !is_runbook_name(name)) return {};
  return name == kReadme ? "/runbooks/" : "/runbooks/" + std::string(name);
}

HttpResponse page_of(std::string_view title, const std::string& body) { return html_response(200, plain_page(title, body), plain_policy()); }

}  // namespace

std::vector<fs::path> runbook_folders() {
  std::vector<fs::path> folders;
  if (const char* named = std::getenv("CHAOSLAB_RUNBOOKS")) folders.emplace_back(named);
  folders.push_back(own_folder() / "../../../docs/runbooks");
  folders.push_back(own_folder() / "../share/chaoslab/runbooks");
  std::erase_if(folders, [](const fs::path& folder) {
    std::error_code ec;
    return !fs::is_directory(folder, ec);
  });
  return folders;
}

bool is_runbook_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), plain);
}

std::set<std::string> Runbooks::names() const {
  std::set<std::string> out;
  for (const fs::path& folder : folders_) {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder, ec)) {
      const std::string name = entry.path().stem().string();
      if (entry.path().extension() == ".md" && is_runbook_name(name) && name != kReadme) out.insert(name);
    }
  }
  return out;
}

std::optional<std::string> Runbooks::text(std::string_view name) const {
  if (!is_runbook_name(name)) return std::nullopt;
  for (const fs::path& folder : folders_) {
    std::ifstream in(folder / (std::string(name) + ".md"), std::ios::binary);
    if (!in) continue;
    std::string text(kMaxText, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
  }
  return std::nullopt;
}

HttpResponse Runbooks::list() const {
  std::string body;
  if (const auto readme = text(kReadme)) body = markdown_html(*readme, link_to);
  body += "<h2>All pages</h2>\n<ul>\n";
  for (const std::string& name : names()) body += fmt::format("<li><a href=\"/runbooks/{0}\">{0}</a></li>\n", name);
  return page_of("Runbooks", body + "</ul>\n");
}

HttpResponse Runbooks::page(std::string_view name) const {
  if (name.empty()) return list();
  const auto markdown = text(name);
  if (markdown) return page_of(name, markdown_html(*markdown, link_to));
  return html_response(404, plain_page("No such runbook", "<h1>No such runbook</h1>\n<p>There is a list of <a href=\"/runbooks/\">all</a>.</p>\n"), plain_policy());
}

void Runbooks::add_to(Routes& routes) const {
  routes.get("/runbooks", [this](const HttpRequest&) { return list(); });
  routes.get(std::string(kRoute), [this](const HttpRequest& request) { return page(below(kRoute, request.path())); });
}

}  // namespace chaos::web
