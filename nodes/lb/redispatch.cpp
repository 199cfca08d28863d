#include "lb/redispatch.hpp"

namespace chaos {

bool may_retry(std::string_view method, ErrorCode error) {
  if (error == Errc::refused) return true;
  const bool idempotent = method != "POST" && method != "PATCH" && method != "CONNECT";
  return idempotent && (error == Errc::closed || error == Errc::reset);
}

bool moves_on(int redispatch, int retry, int retries) {
  if (redispatch > 0) return retry % redispatch == 0;
  return redispatch < 0 && retry == retries + 1 + redispatch;
}

unsigned failure_status(ErrorCode error, bool connected) {
  if (!connected) return error == Errc::timeout || error == Errc::refused ? 503 : 502;
  return error == Errc::timeout ? 504 : 502;
}

std::string no_backend_reason(const Unusable& unusable) {
  std::string list;
  const auto add = [&list](int count, std::string_view what) {
    if (count == 0) return;
    if (!list.empty()) list += ", ";
    list.append(std::to_string(count)).append(" ").append(what);
  };
  add(unusable.down, "down");
  add(unusable.draining, "draining");
  add(unusable.maintenance, "in maintenance");
  return "no backend serves: " + (list.empty() ? "none is known" : list);
}

}  // namespace chaos
