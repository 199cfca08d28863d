// Any bytes through the AMQP codec: no crash, no overread; what decodes is a fixed point of encoding.
#include "wire/amqp_content.hpp"
#include "wire/amqp_method.hpp"

#include <cstdlib>

namespace {

using namespace chaos::amqp;

std::string encoded(const Method& method) {
  std::string wire;
  append_method(wire, 1, method);
  return wire.substr(7, wire.size() - kFrameOverhead);
}

void method(std::string_view payload) {
  Method first;
  if (decode_method(payload, first) != Decoded::ok) return;
  const std::string wire = encoded(first);
  Method second;
  if (decode_method(wire, second) != Decoded::ok || encoded(second) != wire) std::abort();
}

void header(std::string_view payload) {
  const auto first = decode_content_header(payload);
  if (!first) return;
  std::string wire;
  append_content_header(wire, 1, first->body_size, encode_properties(first->properties));
  const auto second = decode_content_header(std::string_view(wire).substr(7, wire.size() - kFrameOverhead));
  if (!second || second->body_size != first->body_size) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  method(bytes);
  header(bytes);
  FrameDecoder decoder;
  const std::size_t cut = size > 0 ? data[0] % size : 0;
  Frame frame;
  for (const std::string_view part : {bytes.substr(0, cut), bytes.substr(cut)}) {
    decoder.feed(part);
    while (decoder.next(frame) == FrameDecoder::Progress::ready) {
      if (frame.type == FrameType::method) method(frame.payload);
      if (frame.type == FrameType::header) header(frame.payload);
    }
  }
  return 0;
}
