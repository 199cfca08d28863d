#include "runtime/http_wire.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace chaos::http_wire {

namespace {

template <bool IsRequest>
bool feed_any(http::basic_parser<IsRequest>& parser, Buffer& buffer, boost::system::error_code& ec) {
  parser.eager(true);
  while (!parser.is_done() && buffer.size() > 0) {
    const std::size_t used = parser.put(buffer.data(), ec);
    if (ec && ec != http::error::need_more) return false;
    buffer.consume(used);
    if (ec == http::error::need_more) {
      ec = {};
      if (used == 0) return false;
      continue;
    }
  }
  return parser.is_done();
}

// Fields that belong to one connection (RFC 9110 section 7.6.1) stay with the runtime.
bool own_field(http::field name) {
  return name == http::field::connection || name == http::field::content_length ||
         name == http::field::transfer_encoding || name == http::field::keep_alive || name == http::field::expect;
}

// Section 7.6.1: what Connection names belongs to the connection as well.
template <class Fields>
bool named_by_connection(const Fields& fields, std::string_view name) {
  const auto [begin, end] = fields.equal_range(http::field::connection);
  return std::any_of(begin, end, [&](const auto& line) { return http::token_list(line.value()).exists({name.data(), name.size()}); });
}

// RFC 9110 section 5.3: lists over several lines are one list; these two are looked at as a whole.
bool joined_field(http::field name) { return name == http::field::if_match || name == http::field::if_none_match; }

template <class Fields>
Headers take_headers(const Fields& fields) {
  const bool names = fields.count(http::field::connection) > 0;
  Headers headers;
  for (const auto& field : fields) {
    const std::string name(field.name_string());
    if (own_field(field.name()) || (names && named_by_connection(fields, name))) continue;
    const auto before = joined_field(field.name()) ? headers.get(name) : std::nullopt;
    if (before) headers.set(name, std::string(*before) + ", " + std::string(field.value()));
    else headers.add(name, std::string(field.value()));
  }
  return headers;
}

void append(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// RFC 9112 section 3.2.2: a target with scheme and host, as proxies are asked, counts as its path, and its host as Host.
void take_origin_form(HttpRequest& request) {
  constexpr std::string_view kScheme = "http://";
  if (!boost::beast::iequals(request.target.substr(0, kScheme.size()), {kScheme.data(), kScheme.size()})) return;
  const std::size_t end = std::min(request.target.find_first_of("/?", kScheme.size()), request.target.size());
  request.headers.set("Host", request.target.substr(kScheme.size(), end - kScheme.size()));
  request.target.erase(0, end);
  if (!request.target.starts_with('/')) request.target.insert(0, "/");
}

}  // namespace

bool feed(http::basic_parser<true>& parser, Buffer& buffer, boost::system::error_code& ec) { return feed_any(parser, buffer, ec); }
bool feed(http::basic_parser<false>& parser, Buffer& buffer, boost::system::error_code& ec) { return feed_any(parser, buffer, ec); }

HttpRequest take(RequestParser& parser) {
  auto& message = parser.get();
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.headers = take_headers(message);
  request.body = std::move(message.body());
  take_origin_form(request);
  return request;
}

HttpResponse take(ResponseParser& parser) {
  auto& message = parser.get();
  HttpResponse response;
  response.status = message.result_int();
  response.headers = take_headers(message);
  response.body = std::move(message.body());
  if (const auto length = parser.content_length()) response.head_length = static_cast<std::size_t>(*length);
  return response;
}

std::string write(const HttpRequest& request, const std::string& host) {
  std::string out;
  out.reserve(256 + request.body.size());
  out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  if (!request.headers.has("Host")) append(out, "Host", host);
  for (const auto& [name, value] : request.headers) append(out, name, value);
  const bool body_expected = request.method == "POST" || request.method == "PUT" || !request.body.empty();
  if (body_expected) append(out, "Content-Length", std::to_string(request.body.size()));
  out.append("\r\n").append(request.body);
  return out;
}

std::string write(const HttpResponse& response, bool keep_alive, std::string_view date) {
  std::string out;
  out.reserve(512 + response.body.size());
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(status_reason(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) append(out, name, value);
  if (!response.headers.has("Date")) append(out, "Date", date);
  const bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
  if (!bodiless) append(out, "Content-Length", std::to_string(response.head ? response.head_length : response.body.size()));
  if (!keep_alive) append(out, "Connection", "close");
  out.append("\r\n");
  if (!bodiless && !response.head) out.append(response.body);
  return out;
}

ErrorCode map_parse_error(boost::system::error_code ec) {
  if (ec == http::error::header_limit || ec == http::error::body_limit || ec == http::error::buffer_overflow) return Errc::too_large;
  return Errc::protocol;
}

}  // namespace chaos::http_wire

namespace chaos {

std::string_view status_reason(unsigned status) {
  const auto reason = http_wire::http::obsolete_reason(http_wire::http::int_to_status(status));
  return {reason.data(), reason.size()};
}

}  // namespace chaos
