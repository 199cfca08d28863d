#include "runtime/error.hpp"

#include <boost/asio/error.hpp>

#include <array>

namespace chaos {

namespace {

struct Row {
  Errc code;
  std::string_view word;
  std::string_view text;
  unsigned http;
};

constexpr std::array kRows{
    Row{Errc::timeout, "timeout", "the deadline passed", 504},
    Row{Errc::closed, "closed", "the connection was closed", 502},
    Row{Errc::refused, "refused", "the connection was refused", 502},
    Row{Errc::reset, "reset", "the connection broke", 502},
    Row{Errc::overloaded, "overloaded", "too much work is waiting", 503},
    Row{Errc::no_backend, "no_backend", "no peer serves", 503},
    Row{Errc::protocol, "protocol", "the peer broke its protocol", 502},
    Row{Errc::too_large, "too_large", "over the size bound", 413},
    Row{Errc::invalid, "invalid", "a value is out of its range", 400},
    Row{Errc::not_found, "not_found", "no such thing", 404},
    Row{Errc::rejected, "rejected", "the peer answered with an error", 502},
    Row{Errc::draining, "draining", "the node takes no new work", 503},
    Row{Errc::fault, "fault", "an injected error", 500},
};

const Row* row_of(int code) {
  for (const Row& row : kRows) {
    if (static_cast<int>(row.code) == code) return &row;
  }
  return nullptr;
}

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "chaos"; }
  std::string message(int code) const override {
    const Row* row = row_of(code);
    return std::string(row ? row->text : "unknown error");
  }
};

}  // namespace

const boost::system::error_category& chaos_category() noexcept {
  static const Category category;
  return category;
}

ErrorCode make_error_code(Errc code) noexcept { return {static_cast<int>(code), chaos_category()}; }

ErrorCode to_chaos(ErrorCode code, Errc aborted_as) noexcept {
  namespace error = boost::asio::error;
  if (code == error::operation_aborted) return aborted_as;
  if (code == error::eof) return Errc::closed;
  if (code == error::connection_refused || code == error::host_unreachable || code == error::network_unreachable ||
      code == error::host_not_found) {
    return Errc::refused;
  }
  if (code == error::connection_reset || code == error::broken_pipe || code == error::connection_aborted ||
      code == error::bad_descriptor || code == error::not_connected) {
    return Errc::reset;
  }
  if (code == error::timed_out) return Errc::timeout;
  return code;
}

unsigned http_status(ErrorCode code) noexcept {
  const Row* row = code.category() == chaos_category() ? row_of(code.value()) : nullptr;
  return row ? row->http : 500;
}

std::string_view error_word(ErrorCode code) noexcept {
  const Row* row = code.category() == chaos_category() ? row_of(code.value()) : nullptr;
  return row ? row->word : "other";
}

}  // namespace chaos
