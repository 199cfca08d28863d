// Expected failures as values. One category, one table to HTTP; a time-out has a code of its own.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace chaos {

enum class Errc {
  timeout = 1,      // the deadline passed first
  closed,           // the other side closed the connection in good order
  refused,          // nothing listens, or no address
  reset,            // the connection broke
  overloaded,       // queue or pool full
  no_backend,       // no peer of the role that was needed
  protocol,         // the peer sent what its protocol does not allow
  too_large,        // an input over its size bound
  invalid,          // a value out of its range
  not_found,
  rejected,         // the peer answered with its protocol's own error
  draining,         // the node takes no new work
  fault,            // an injected error
};

using ErrorCode = boost::system::error_code;
template <class T>
using Result = boost::system::result<T>;   // Result<void> too

const boost::system::error_category& chaos_category() noexcept;
ErrorCode make_error_code(Errc code) noexcept;

/// Maps Asio's codes to ours (operation_aborted to `aborted_as`); our own codes and unknown ones pass through.
ErrorCode to_chaos(ErrorCode code, Errc aborted_as = Errc::timeout) noexcept;

/// 504 for a time-out, 503 for overload, draining and no backend, 502 for broken peers, 400/404/413, else 500.
unsigned http_status(ErrorCode code) noexcept;

/// One lower-case word for metrics labels and logs: "timeout", "refused", ...; "other" for foreign codes.
std::string_view error_word(ErrorCode code) noexcept;

}  // namespace chaos

template <>
struct boost::system::is_error_code_enum<chaos::Errc> : std::true_type {};
