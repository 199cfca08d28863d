#include "wire/amqp_content.hpp"

#include "wire/amqp_bytes.hpp"

#include <tuple>

namespace chaos::amqp {

namespace {

// Every property from flag bit 15 downwards, in wire order.
template <class P, class Visit>
void each_property(P& p, Visit visit) {
  std::apply([&](auto&... property) {
    int bit = 15;
    (visit(property, static_cast<std::uint16_t>(1u << bit--)), ...);
  }, std::tie(p.content_type, p.content_encoding, p.headers, p.delivery_mode, p.priority, p.correlation_id, p.reply_to,
              p.expiration, p.message_id, p.timestamp, p.type, p.user_id, p.app_id, p.cluster_id));
}

constexpr std::uint16_t kUnknownFlags = 0x3;   // bit 1 names no property of basic, bit 0 a further flags word

bool read_properties(Reader& in, Properties& out) {
  std::uint16_t flags = 0;
  in.get(flags);
  if (flags & kUnknownFlags) return false;
  each_property(out, [&](auto& property, std::uint16_t flag) {
    if (flags & flag) in.get(property.emplace());
  });
  return in.ok() && in.at_end();
}

}  // namespace

std::optional<ContentHeader> decode_content_header(std::string_view payload) {
  Reader in(payload);
  ContentHeader header;
  std::uint16_t weight = 0;
  in.get(header.class_id);
  in.get(weight);
  in.get(header.body_size);
  header.raw = in.rest();
  if (!in.ok() || weight != 0 || !read_properties(in, header.properties)) return std::nullopt;
  return header;
}

std::optional<Properties> decode_properties(std::string_view raw) {
  Reader in(raw);
  Properties properties;
  if (!read_properties(in, properties)) return std::nullopt;
  return properties;
}

std::string encode_properties(const Properties& properties) {
  std::uint16_t flags = 0;
  each_property(properties, [&](const auto& property, std::uint16_t flag) { flags |= property ? flag : 0; });
  std::string raw;
  Writer out(raw);
  out.put(flags);
  each_property(properties, [&](const auto& property, std::uint16_t) {
    if (property) out.put(*property);
  });
  return raw;
}

void append_content_header(std::string& out, std::uint16_t channel, std::uint64_t body_size, std::string_view raw) {
  FrameScope frame(out, FrameType::header, channel);
  Writer writer(out);
  writer.put(kBasicClass);
  writer.put(std::uint16_t{0});
  writer.put(body_size);
  writer.bytes(raw);
  frame.finish();
}

}  // namespace chaos::amqp
