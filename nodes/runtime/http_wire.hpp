// HTTP/1.1 messages from and to bytes (RFC 9112), over Boost.Beast's parser. Included by http_server.cpp and
// http_client.cpp only.
#pragma once

#include "runtime/edge_stream.hpp"
#include "runtime/http.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace chaos::http_wire {

namespace http = boost::beast::http;
using Buffer = boost::beast::flat_buffer;
using RequestParser = http::request_parser<http::string_body>;
using ResponseParser = http::response_parser<http::string_body>;

/// Feeds what is in the buffer to the parser until a whole message, or the header alone, is there. True when
/// `done` holds; false when more bytes are needed. What was not understood stays in the buffer, with what came before it at once.
bool feed(http::basic_parser<true>& parser, Buffer& buffer, boost::system::error_code& ec);
bool feed(http::basic_parser<false>& parser, Buffer& buffer, boost::system::error_code& ec);

HttpRequest take(RequestParser& parser);
HttpResponse take(ResponseParser& parser);

std::string write(const HttpRequest& request, const std::string& host);
/// date: the value of Date, for an answer that brings none (RFC 9110 section 6.6.1).
std::string write(const HttpResponse& response, bool keep_alive, std::string_view date);

/// Beast's parse errors as ours: too_large for limits, else protocol.
ErrorCode map_parse_error(boost::system::error_code ec);

}  // namespace chaos::http_wire
