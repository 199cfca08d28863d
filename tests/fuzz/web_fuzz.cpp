// What anybody can send to the controller's HTTP side: selectors, strings, forms, times, Host headers, against any bytes.
#include "web/form.hpp"
#include "web/reach.hpp"
#include "web/string_literal.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace chaos;
using namespace chaos::web;

void check(bool holds) {
  if (!holds) std::abort();
}

void fuzz_selector(std::string_view text) {
  const auto selector = parse_selector(text);
  if (!selector) {
    check(!selector.error().text.empty());
    return;
  }
  check(selector->matchers.size() <= kMaxMatchers && !selector->matchers.empty());
  // None that is let through matches a series without labels.
  check(!selector->matches([](std::string_view) { return std::string_view{}; }));
  selector->matches([text](std::string_view) { return text; });
}

void fuzz_string(std::string_view text) {
  const auto literal = read_string_literal(text);
  check(literal.length <= text.size());
  check(!literal.error.empty() || (literal.length >= 2 && literal.value.size() <= 4 * literal.length));
}

void fuzz_form(const std::string& text) {
  HttpRequest request;
  request.target = "/api/v1/query_range?" + text;
  const auto form = Form::of(request);
  if (!form) return;
  const auto grid = grid_of(*form);
  if (!grid) return;
  check(grid->step_ms > 0 && grid->from_ms <= grid->to_ms && (grid->to_ms - grid->from_ms) / grid->step_ms <= kMaxPoints);
  for (const std::int64_t at : {grid->from_ms - 1, grid->from_ms, grid->from_ms + 1, grid->to_ms, grid->to_ms + 1}) {
    const auto step = grid->step_at(at);
    check(!step || (*step >= at && *step >= grid->from_ms && *step <= grid->to_ms));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz_selector(text);
  fuzz_string(text);
  fuzz_form(text);
  parse_time("time", text);
  parse_duration("step", text);
  parse_sum(text);
  if (const auto host = host_of(text)) check(host->find_first_of(" ;'\"$`&|<>\\/\n") == std::string::npos);
  return 0;
}
