// HTTP messages as values. Boost.Beast stays behind http_server.hpp and http_client.hpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos {

class EdgeStream;

/// Header fields in order; names compare without case (RFC 9110 section 5.1).
class Headers {
 public:
  std::optional<std::string_view> get(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).has_value(); }
  void set(std::string name, std::string value);     // replaces
  void add(std::string name, std::string value);
  void erase(std::string_view name);
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";       // path and query, as sent
  Headers headers;                // without Connection, Content-Length, Transfer-Encoding: the runtime's own
  std::string body;
  std::string remote;             // the peer's address, of a request that was received
  EdgeStream* via = nullptr;      // the connection that it came on; lives until it is answered

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string_view query() const;
};

struct HttpResponse {
  unsigned status = 200;
  Headers headers;
  std::string body;
  bool head = false;              // answer to HEAD: the body is not sent, Content-Length is head_length
  std::size_t head_length = 0;
  std::shared_ptr<void> context;  // whatever the maker of the answer wants back from HttpObserver
};

/// "Service Unavailable" (RFC 9110 section 15); "Unknown Status" of one that has no name. http_wire.cpp.
std::string_view status_reason(unsigned status);
/// A plain-text answer with the reason as its body.
HttpResponse text_response(unsigned status, std::string body);
HttpResponse json_response(unsigned status, std::string body);
/// Percent-decoding (RFC 3986 section 2.1); nullopt when malformed.
std::optional<std::string> percent_decode(std::string_view text);
/// The value of one query parameter, decoded.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace chaos
