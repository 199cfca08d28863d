#include "postgres/sql/sql_binary.hpp"

#include "postgres/base/pg_interval.hpp"
#include "postgres/base/pg_time.hpp"
#include "postgres/sql/sql_types.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace chaos::pg {

namespace {

constexpr std::int64_t kEpoch2000 = 946'684'800'000'000;      // of the protocol's times, in microseconds since 1970
constexpr std::int64_t kDay = 86'400'000'000;

template <class Number>
Number number_of(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// numeric: groups of four decimal digits, the weight of the first, the sign, the digits behind the point.
void append_numeric(Writer& row, std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string whole(text.substr(0, point)), fraction(point < text.size() ? text.substr(point + 1) : "");
  const std::size_t scale = fraction.size();
  whole.insert(0, (4 - whole.size() % 4) % 4, '0');
  fraction.append((4 - fraction.size() % 4) % 4, '0');
  const std::string all = whole + fraction;
  std::vector<std::int16_t> digits;
  for (std::size_t i = 0; i + 4 <= all.size(); i += 4) digits.push_back(number_of<std::int16_t>(std::string_view(all).substr(i, 4)));
  std::int16_t weight = static_cast<std::int16_t>(whole.size() / 4) - 1;
  const auto first = std::find_if(digits.begin(), digits.end(), [](std::int16_t d) { return d != 0; });
  weight = static_cast<std::int16_t>(weight - (first - digits.begin()));
  digits.erase(digits.begin(), first);
  while (!digits.empty() && digits.back() == 0) digits.pop_back();
  row.int32(static_cast<std::int32_t>(8 + 2 * digits.size())).int16(static_cast<std::int16_t>(digits.size())).int16(digits.empty() ? std::int16_t{0} : weight);
  row.int16(static_cast<std::int16_t>(negative && !digits.empty() ? 0x4000 : 0)).int16(static_cast<std::int16_t>(scale));
  for (const std::int16_t digit : digits) row.int16(digit);
}

std::optional<std::string> read_numeric(Reader& reader) {
  const int count = reader.int16(), weight = reader.int16();
  const auto sign = static_cast<std::uint16_t>(reader.int16());
  const int scale = reader.int16();
  if (sign == 0xc000) return "NaN";
  if (count < 0 || count > 1000 || weight < -300 || weight > 300 || scale < 0 || scale > 1000) return std::nullopt;
  std::string whole, fraction;
  for (int i = std::min(0, weight + 1); i < std::max(count, weight + 1); ++i) {
    const int digit = i >= 0 && i < count ? reader.int16() : 0;
    if (digit < 0 || digit > 9999) return std::nullopt;
    const std::string group = std::to_string(10'000 + digit).substr(1);
    (i <= weight ? whole : fraction) += group;
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  fraction.resize(static_cast<std::size_t>(scale), '0');
  return (sign == 0x4000 ? "-" : "") + (whole.empty() ? "0" : whole) + (fraction.empty() ? "" : "." + fraction);
}

bool append_uuid(Writer& row, std::string_view text) {
  std::string bytes, digits = "\\x";
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c != '-'; });
  if (!read_bytea(digits, bytes) || bytes.size() != 16) return false;
  row.value(bytes);
  return true;
}

bool append_time(Writer& row, std::int32_t type, std::string_view text) {
  const auto us = parse_timestamp(text);
  if (!us) return false;
  if (type == oid::kDate) row.int32(4).int32(static_cast<std::int32_t>((*us - kEpoch2000) / kDay));
  else row.int32(8).int64(*us - kEpoch2000);
  return true;
}

}  // namespace

bool append_binary_value(Writer& row, std::int32_t type, std::string_view text) {
  switch (type) {
    case oid::kBool: row.int32(1).byte(text == "t"); return true;
    case oid::kInt2: row.int32(2).int16(number_of<std::int16_t>(text)); return true;
    case oid::kInt4: row.int32(4).int32(number_of<std::int32_t>(text)); return true;
    case oid::kOid: row.int32(4).int32(static_cast<std::int32_t>(number_of<std::uint32_t>(text))); return true;
    case oid::kInt8: row.int32(8).int64(number_of<std::int64_t>(text)); return true;
    case oid::kFloat4: row.int32(4).int32(std::bit_cast<std::int32_t>(number_of<float>(text))); return true;
    case oid::kFloat8: row.int32(8).int64(std::bit_cast<std::int64_t>(number_of<double>(text))); return true;
    case oid::kNumeric: append_numeric(row, text); return true;
    case oid::kTimestamp: case oid::kTimestampTz: case oid::kDate: return append_time(row, type, text);
    case oid::kInterval: {
      const auto interval = read_interval(text);
      if (interval) row.int32(16).int64(interval->us).int32(interval->days).int32(interval->months);
      return interval.has_value();
    }
    case oid::kBytea: {
      std::string bytes;
      if (!read_bytea(text, bytes)) return false;
      row.value(bytes);
      return true;
    }
    case oid::kUuid: return append_uuid(row, text);
    case oid::kVoid: row.int32(0); return true;
    case oid::kText: case oid::kVarchar: case oid::kBpchar: case oid::kName: case oid::kUnknown: case oid::kJson: row.value(text); return true;
    default: return false;
  }
}

std::optional<std::string> text_of_binary(std::int32_t type, std::string_view bytes) {
  Reader reader(bytes);
  std::optional<std::string> out;
  switch (type) {
    case oid::kBool: out = reader.byte() != 0 ? "t" : "f"; break;
    case oid::kInt2: out = std::to_string(reader.int16()); break;
    case oid::kInt4: out = std::to_string(reader.int32()); break;
    case oid::kOid: out = std::to_string(static_cast<std::uint32_t>(reader.int32())); break;
    case oid::kInt8: out = std::to_string(reader.int64()); break;
    case oid::kFloat4: out = double_text(static_cast<double>(std::bit_cast<float>(reader.int32()))); break;
    case oid::kFloat8: out = double_text(std::bit_cast<double>(reader.int64())); break;
    case oid::kNumeric: out = read_numeric(reader); break;
    case oid::kTimestamp: case oid::kTimestampTz: {
      const std::int64_t us = reader.int64();
      if (us > 200'000'000'000'000'000 || us < -60'000'000'000'000'000) return std::nullopt;
      out = type == oid::kTimestamp ? format_plain_timestamp(us + kEpoch2000) : format_timestamp(us + kEpoch2000);
      break;
    }
    case oid::kDate: {
      const std::int64_t days = reader.int32();
      if (days > 2'000'000 || days < -700'000) return std::nullopt;
      out = format_date(days * kDay + kEpoch2000);
      break;
    }
    case oid::kInterval: {
      Interval interval;
      interval.us = reader.int64();
      interval.days = reader.int32();
      interval.months = reader.int32();
      out = write_interval(interval);
      break;
    }
    case oid::kUuid: {
      std::string text = hex_text(reader.bytes(16));
      for (const std::size_t at : {8u, 13u, 18u, 23u}) if (text.size() > at) text.insert(at, "-");
      out = text;
      break;
    }
    case oid::kBytea: return "\\x" + hex_text(bytes);
    default: return std::string(bytes);
  }
  return reader.done() ? out : std::nullopt;
}

}  // namespace chaos::pg
