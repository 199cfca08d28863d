// Alertmanager's message on any bytes: no crash, and either alerts within their bounds or a reason.
#include "rules/webhook.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto told = chaos::rules::parse_webhook({reinterpret_cast<const char*>(data), size});
  if (!told) {
    if (told.error().text.empty()) std::abort();
    return 0;
  }
  if (told->size() > chaos::rules::kMostTold) std::abort();
  for (const chaos::ToldAlert& alert : *told) {
    if (alert.key.empty() || alert.change.name.empty() || alert.change.text.size() > 2000) std::abort();
  }
  return 0;
}
