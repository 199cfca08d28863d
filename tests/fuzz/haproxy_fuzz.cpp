// The runtime API against any lines, and the load balancer's cookie against any header.
#include "lb/cookie.hpp"
#include "lb/runtime_api.hpp"
#include "unit/lb/fake_lb.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void fuzz_session(std::string_view text) {
  chaos::test::FakeLb lb;
  chaos::RuntimeApi api(lb);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto reply = api.run(line);
    // Each command is answered with at most the longest table there is, and lines are bounded by whoever reads them.
    check(reply.text.size() <= (line.size() + 1) * 16384);
    check(api.timeout_s() >= 1 && api.timeout_s() <= 86400);
    if (reply.close) return;
  }
}

void fuzz_cookie(const std::string& text) {
  chaos::HttpRequest request;
  request.headers.add("Cookie", text);
  const std::string value = chaos::take_cookie(request, "SERVERID");
  check(value.size() <= text.size());
  const auto left = request.headers.get("Cookie");
  if (left) check(chaos::take_cookie(request, "SERVERID").empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz_session(text);
  fuzz_session("prompt\n" + text);
  fuzz_cookie(text);
  return 0;
}
