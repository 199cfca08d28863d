// The runtime API against any lines, the load balancer's cookie against any header, and what an agent may answer.
#include "lb/agent_reply.hpp"
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

void fuzz_agent(std::string_view text) {
  const auto line = chaos::agent_line(text);
  if (!line) return;
  const chaos::AgentReply reply = chaos::read_agent_line(*line);
  check(reply.told.size() <= line->size() + 64);
  check(!reply.percent || chaos::relative_weight(100, *reply.percent) <= 256);
  check(!reply.max_connections || *reply.max_connections <= 1'000'000);
  for (const char c : reply.told) check(c >= ' ' && c <= '~');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz_session(text);
  fuzz_session("prompt\n" + text);
  fuzz_cookie(text);
  fuzz_agent(text);
  return 0;
}
