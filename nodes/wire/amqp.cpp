#include "wire/amqp.hpp"

namespace chaos::amqp {

std::string_view reply_name(Reply code) {
  switch (code) {
    case Reply::success: return "OK";
    case Reply::content_too_large: return "CONTENT_TOO_LARGE";
    case Reply::no_route: return "NO_ROUTE";
    case Reply::no_consumers: return "NO_CONSUMERS";
    case Reply::connection_forced: return "CONNECTION_FORCED";
    case Reply::invalid_path: return "INVALID_PATH";
    case Reply::access_refused: return "ACCESS_REFUSED";
    case Reply::not_found: return "NOT_FOUND";
    case Reply::resource_locked: return "RESOURCE_LOCKED";
    case Reply::precondition_failed: return "PRECONDITION_FAILED";
    case Reply::frame_error: return "FRAME_ERROR";
    case Reply::syntax_error: return "SYNTAX_ERROR";
    case Reply::command_invalid: return "COMMAND_INVALID";
    case Reply::channel_error: return "CHANNEL_ERROR";
    case Reply::unexpected_frame: return "UNEXPECTED_FRAME";
    case Reply::resource_error: return "RESOURCE_ERROR";
    case Reply::not_allowed: return "NOT_ALLOWED";
    case Reply::not_implemented: return "NOT_IMPLEMENTED";
    case Reply::internal_error: return "INTERNAL_ERROR";
  }
  return "UNKNOWN";
}

}  // namespace chaos::amqp
