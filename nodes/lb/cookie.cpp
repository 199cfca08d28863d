#include "lb/cookie.hpp"

#include <algorithm>

namespace chaos {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string take_cookie(HttpRequest& request, std::string_view name) {
  const auto header = name.empty() ? std::nullopt : request.headers.get("Cookie");
  if (!header) return {};
  std::string value;
  std::string others;
  bool found = false;
  for (std::string_view rest = *header; !rest.empty();) {
    const auto end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto mark = pair.find('=');
    if (mark != std::string_view::npos && trimmed(pair.substr(0, mark)) == name) {
      if (!std::exchange(found, true)) value = trimmed(pair.substr(mark + 1));
      continue;
    }
    if (!others.empty()) others += "; ";
    others += pair;
  }
  if (!found) return {};
  if (others.empty()) request.headers.erase("Cookie");
  else request.headers.set("Cookie", std::move(others));
  return value;
}

void insert_cookie(HttpResponse& response, std::string_view name, std::string_view server) {
  response.headers.add("Set-Cookie", std::string(name) + "=" + std::string(server) + "; path=/");
  response.headers.set("Cache-Control", "private");
}

}  // namespace chaos
