// Both RESP decoders on any bytes, whole and cut in two: no crash, the same commands and values however they are cut.
#include "wire/resp_reply.hpp"
#include "wire/resp_request.hpp"

#include <cstdlib>

namespace {

using namespace chaos::resp;

Limits limits() {
  Limits out;
  out.max_line = 256;
  out.max_bulk = 1024;
  out.max_items = 128;
  out.max_total = 4096;
  return out;
}

std::vector<std::vector<std::string>> commands(std::string_view first, std::string_view second) {
  RequestDecoder decoder(limits());
  std::vector<std::vector<std::string>> out;
  for (const auto bytes : {first, second}) {
    decoder.feed(bytes);
    Progress progress;
    while ((progress = decoder.next()) == Progress::ready) out.emplace_back(decoder.args().begin(), decoder.args().end());
    if (progress == Progress::malformed) break;
  }
  return out;
}

std::vector<Value> replies(std::string_view first, std::string_view second) {
  ReplyDecoder decoder(limits());
  std::vector<Value> out;
  for (const auto bytes : {first, second}) {
    decoder.feed(bytes);
    Value value;
    Progress progress;
    while ((progress = decoder.next(value)) == Progress::ready) out.push_back(std::move(value));
    if (progress == Progress::malformed) break;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : data[0] % size;
  if (commands(bytes, {}) != commands(bytes.substr(0, cut), bytes.substr(cut))) std::abort();
  if (replies(bytes, {}) != replies(bytes.substr(0, cut), bytes.substr(cut))) std::abort();
  return 0;
}
