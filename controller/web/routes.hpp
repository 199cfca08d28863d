// What the controller answers over HTTP: a table from path and method to handler.
#pragma once

#include "runtime/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::web {

/// One thread. A path is exact ("/sd"), or ends in "/*" and stands for everything below it ("/runs/*": the handler reads
/// the rest itself, see below()). Exact ones go first, then the longest. A handler that works on another thread returns
/// an awaitable; handlers live as long as the table, and the table is complete before the first request.
class Routes {
 public:
  using Page = std::function<HttpResponse(const HttpRequest& request)>;
  using Task = std::function<boost::asio::awaitable<HttpResponse>(HttpRequest request)>;

  void get(std::string path, Page page);      // HEAD too
  void get(std::string path, Task task);
  void post(std::string path, Page page);
  void post(std::string path, Task task);

  /// 404 names the paths that there are, 405 the methods of this one (RFC 9110 section 15.5.6).
  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) const;

 private:
  struct Route {
    std::string path;
    std::string method;
    Task task;
  };
  void add(std::string method, std::string path, Task task);
  const Route* find(std::string_view path, std::string_view method) const;
  HttpResponse refuse(std::string_view path) const;

  std::vector<Route> routes_;
};

/// What follows the route's "/*" in a path: "r3" of "/runs/r3". As sent: not decoded.
std::string_view below(std::string_view route, std::string_view path);

}  // namespace chaos::web
