#include "wire/amqp_method.hpp"

namespace chaos::amqp {

namespace {

template <class M>
struct ReadField {
  Reader& in;
  M& method;
  template <class F>
  void operator()(F M::*field) { in.get(method.*field); }
  void operator()(ReservedShort) { drop<std::uint16_t>(); }
  void operator()(ReservedBit) { drop<bool>(); }
  void operator()(ReservedString) { drop<std::string>(); }
  void operator()(ReservedLongString) { drop<LongString>(); }
  template <class T>
  void drop() {
    T unused{};
    in.get(unused);
  }
};

template <class M>
struct WriteField {
  Writer& out;
  const M& method;
  template <class F>
  void operator()(F M::*field) { out.put(method.*field); }
  void operator()(ReservedShort) { out.put(std::uint16_t{0}); }
  void operator()(ReservedBit) { out.put(false); }
  void operator()(ReservedString) { out.put(std::string_view()); }
  void operator()(ReservedLongString) { out.put(LongString{}); }
};

// Each argument in wire order.
template <class M, class Visit>
void each_field(Visit visit) {
  std::apply([&](auto... field) { (visit(field), ...); }, M::fields());
}

template <class M>
Decoded read_as(Reader in, Method& out) {
  M& method = out.emplace<M>();
  each_field<M>(ReadField<M>{in, method});
  return in.ok() && in.at_end() ? Decoded::ok : Decoded::malformed;
}

template <class... M>
Decoded read_any(MethodId id, Reader in, Method& out, const std::variant<M...>*) {
  Decoded result = Decoded::unknown;
  (void)((M::kId == id && (result = read_as<M>(in, out), true)) || ...);
  return result;
}

}  // namespace

std::optional<MethodId> method_id(std::string_view payload) {
  Reader in(payload);
  MethodId id;
  in.get(id.class_id);
  in.get(id.method_id);
  if (!in.ok()) return std::nullopt;
  return id;
}

Decoded decode_method(std::string_view payload, Method& out) {
  const auto id = method_id(payload);
  if (!id) return Decoded::malformed;
  return read_any(*id, Reader(payload.substr(4)), out, static_cast<const Method*>(nullptr));
}

void append_method(std::string& out, std::uint16_t channel, const Method& method) {
  FrameScope frame(out, FrameType::method, channel);
  std::visit([&out]<class M>(const M& m) {
    Writer writer(out);
    writer.put(M::kId.class_id);
    writer.put(M::kId.method_id);
    each_field<M>(WriteField<M>{writer, m});
  }, method);
  frame.finish();
}

}  // namespace chaos::amqp
