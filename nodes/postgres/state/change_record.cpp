#include "postgres/state/change_record.hpp"

#include <bit>

namespace chaos::pg {

namespace {

void put_number(std::string& out, std::uint64_t n) {
  for (; n >= 0x80; n >>= 7) out.push_back(static_cast<char>(n | 0x80));
  out.push_back(static_cast<char>(n));
}

// Small negative numbers stay short.
std::uint64_t zigzag(std::int64_t n) { return static_cast<std::uint64_t>(n) << 1 ^ static_cast<std::uint64_t>(n >> 63); }
std::int64_t unzigzag(std::uint64_t n) { return static_cast<std::int64_t>(n >> 1) ^ -static_cast<std::int64_t>(n & 1); }

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out.append(text);
}

void put_value(std::string& out, const ChangeValue& value) {
  out.push_back(static_cast<char>('0' + value.index()));
  if (const auto* n = std::get_if<std::int64_t>(&value)) put_number(out, zigzag(*n));
  if (const auto* d = std::get_if<double>(&value)) put_number(out, std::bit_cast<std::uint64_t>(*d));
  if (const auto* t = std::get_if<std::string_view>(&value)) put_text(out, *t);
  if (const auto* b = std::get_if<Blob>(&value)) put_text(out, b->bytes);
}

}  // namespace

void append_change(std::string& record, const Change& change) {
  record.push_back(static_cast<char>(change.op));
  put_text(record, change.table);
  if (change.op == ChangeOp::define) return;
  put_number(record, zigzag(change.rowid));
  if (change.op == ChangeOp::erase) return;
  put_number(record, change.values.size());
  for (const ChangeValue& value : change.values) put_value(record, value);
}

std::uint64_t ChangeReader::number() {
  std::uint64_t n = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::string_view taken = bytes(1);
    if (taken.empty()) return 0;
    const auto byte = static_cast<unsigned char>(taken[0]);
    n |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return n;
  }
  ok_ = false;
  return 0;
}

std::string_view ChangeReader::bytes(std::uint64_t count) {
  if (!ok_ || count > rest_.size()) {
    ok_ = false;
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

bool ChangeReader::value(ChangeValue& out) {
  const std::string_view kind = bytes(1);
  if (!ok_) return false;
  switch (kind[0]) {
    case '0': out = std::monostate{}; break;
    case '1': out = unzigzag(number()); break;
    case '2': out = std::bit_cast<double>(number()); break;
    case '3': out = bytes(number()); break;
    case '4': out = Blob{bytes(number())}; break;
    default: ok_ = false;
  }
  return ok_;
}

bool ChangeReader::head(Change& out) {
  if (!ok_ || rest_.empty()) return false;
  out.op = static_cast<ChangeOp>(bytes(1)[0]);
  out.table = bytes(number());
  if (out.op == ChangeOp::define) return ok_;
  if (out.op != ChangeOp::insert && out.op != ChangeOp::put && out.op != ChangeOp::erase) return ok_ = false;
  out.rowid = unzigzag(number());
  return ok_;
}

bool ChangeReader::next(Change& out) {
  out = {};
  if (!head(out)) return false;
  if (out.op == ChangeOp::define || out.op == ChangeOp::erase) return ok_;
  const std::uint64_t count = number();
  for (std::uint64_t i = 0; i < count && ok_; ++i) value(out.values.emplace_back());
  return ok_;
}

bool ChangeReader::next_head(Change& out) {
  if (!head(out)) return false;
  if (out.op == ChangeOp::define || out.op == ChangeOp::erase) return ok_;
  ChangeValue ignored;
  const std::uint64_t count = number();
  for (std::uint64_t i = 0; i < count && ok_; ++i) value(ignored);
  return ok_;
}

}  // namespace chaos::pg
