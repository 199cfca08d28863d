#include "web/routes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace chaos::web {

namespace {

bool is_tree(std::string_view route) { return route.ends_with("/*"); }

// Of a tree the length of what it fixes; an exact route outdoes every tree. 0: no match.
std::size_t weight(std::string_view route, std::string_view path) {
  if (!is_tree(route)) return route == path ? std::string_view::npos : 0;
  const auto stem = route.substr(0, route.size() - 1);
  return path.starts_with(stem) ? stem.size() : 0;
}

Routes::Task as_task(Routes::Page page) {
  return [page = std::move(page)](HttpRequest request) -> boost::asio::awaitable<HttpResponse> { co_return page(request); };
}

}  // namespace

std::string_view below(std::string_view route, std::string_view path) {
  const std::size_t stem = is_tree(route) ? route.size() - 1 : route.size();
  return path.substr(std::min(stem, path.size()));
}

void Routes::get(std::string path, Page page) { add("GET", std::move(path), as_task(std::move(page))); }
void Routes::get(std::string path, Task task) { add("GET", std::move(path), std::move(task)); }
void Routes::post(std::string path, Page page) { add("POST", std::move(path), as_task(std::move(page))); }
void Routes::post(std::string path, Task task) { add("POST", std::move(path), std::move(task)); }

void Routes::add(std::string method, std::string path, Task task) { routes_.push_back({std::move(path), std::move(method), std::move(task)}); }

const Routes::Route* Routes::find(std::string_view path, std::string_view method) const {
  const Route* best = nullptr;
  std::size_t most = 0;
  for (const Route& route : routes_) {
    const std::size_t own = route.method == method ? weight(route.path, path) : 0;
    if (own <= most) continue;
    most = own;
    best = &route;
  }
  return best;
}

HttpResponse Routes::refuse(std::string_view path) const {
  std::set<std::string> methods;
  std::set<std::string> paths;
  for (const Route& route : routes_) {
    paths.insert(route.path);
    if (weight(route.path, path) == 0) continue;
    methods.insert(route.method);
    if (route.method == "GET") methods.insert("HEAD");
  }
  if (methods.empty()) return text_response(404, fmt::format("no such page; there are {}\n", fmt::join(paths, ", ")));
  auto response = text_response(405, fmt::format("only {} here\n", fmt::join(methods, ", ")));
  response.headers.add("Allow", fmt::format("{}", fmt::join(methods, ", ")));
  return response;
}

boost::asio::awaitable<HttpResponse> Routes::answer(HttpRequest request) const {
  const Route* route = find(request.path(), request.method == "HEAD" ? "GET" : std::string_view(request.method));
  if (!route) co_return refuse(request.path());
  co_return co_await route->task(std::move(request));
}

}  // namespace chaos::web
