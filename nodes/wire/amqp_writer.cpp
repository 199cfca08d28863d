#include "wire/amqp_bytes.hpp"

#include <bit>
#include <cstring>

namespace chaos::amqp {

namespace {

// Writes a 32-bit length before what `body` appends.
template <class Body>
void with_length(std::string& out, Body body) {
  const std::size_t at = out.size();
  out.append(4, '\0');
  body();
  const auto size = static_cast<std::uint32_t>(out.size() - at - 4);
  for (int i = 0; i < 4; ++i) out[at + i] = static_cast<char>(size >> (24 - 8 * i));
}

}  // namespace

void Writer::number(std::uint64_t value, int octets) {
  bits_ = 0;
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) out_.push_back(static_cast<char>(value >> shift));
}

void Writer::put(std::uint8_t value) { number(value, 1); }
void Writer::put(std::uint16_t value) { number(value, 2); }
void Writer::put(std::uint32_t value) { number(value, 4); }
void Writer::put(std::uint64_t value) { number(value, 8); }

void Writer::put(bool bit) {
  if (bits_ == 0) out_.push_back('\0');
  if (bit) out_.back() = static_cast<char>(static_cast<unsigned char>(out_.back()) | (1u << bits_));
  bits_ = (bits_ + 1) % 8;
}

void Writer::bytes(std::string_view raw) {
  bits_ = 0;
  out_.append(raw);
}

void Writer::put(std::string_view short_string) {
  short_string = short_string.substr(0, 255);
  put(static_cast<std::uint8_t>(short_string.size()));
  out_.append(short_string);
}

void Writer::put(const LongString& value) {
  put(static_cast<std::uint32_t>(value.text.size()));
  out_.append(value.text);
}

void Writer::put(const Table& table) {
  bits_ = 0;
  with_length(out_, [&] {
    for (const Field& field : table) {
      put(std::string_view(field.name));
      put(field.value);
    }
  });
}

namespace {

// How many octets a type letter gives an integer.
int octets_of(char letter) {
  switch (letter) {
    case 'b': case 'B': return 1;
    case 's': case 'u': return 2;
    case 'I': case 'i': return 4;
    default: return 8;
  }
}

}  // namespace

void Writer::put(const Value& value) {
  struct Put {
    Writer& w;
    char letter;
    void tag(char letter) { w.put(static_cast<std::uint8_t>(letter)); }
    void operator()(std::monostate) { tag('V'); }
    void operator()(bool v) { tag('t'); w.put(static_cast<std::uint8_t>(v)); }
    void operator()(std::int64_t v) {
      tag(letter ? letter : 'l');
      w.number(static_cast<std::uint64_t>(v), octets_of(letter));
    }
    void operator()(double v) {
      if (letter == 'f') {
        tag('f');
        w.put(std::bit_cast<std::uint32_t>(static_cast<float>(v)));
        return;
      }
      tag('d');
      w.put(std::bit_cast<std::uint64_t>(v));
    }
    void operator()(const std::string& v) { tag(letter ? letter : 'S'); w.put(LongString{v}); }
    void operator()(const Table& v) { tag('F'); w.put(v); }
    void operator()(const std::vector<Value>& v) {
      tag('A');
      with_length(w.out_, [&] { for (const Value& item : v) w.put(item); });
    }
  };
  std::visit(Put{*this, value.letter}, value.data);
}

}  // namespace chaos::amqp
