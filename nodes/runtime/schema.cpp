#include "runtime/schema.hpp"

#include "chaoslab/v1/options.pb.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace chaos {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

const v1::FieldMeta& meta_of(const FieldDescriptor& field) { return field.options().GetExtension(v1::meta); }

std::string number_text(double value) { return fmt::format("{:g}", value); }

double number_of(const Message& message, const FieldDescriptor& field) {
  const Reflection& r = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return r.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32: return r.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64: return static_cast<double>(r.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64: return static_cast<double>(r.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE: return r.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_FLOAT: return r.GetFloat(message, &field);
    default: return 0;
  }
}

void set_number(Message& message, const FieldDescriptor& field, double value) {
  const Reflection& r = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: r.SetInt32(&message, &field, static_cast<std::int32_t>(value)); break;
    case FieldDescriptor::CPPTYPE_UINT32: r.SetUInt32(&message, &field, static_cast<std::uint32_t>(value)); break;
    case FieldDescriptor::CPPTYPE_INT64: r.SetInt64(&message, &field, static_cast<std::int64_t>(value)); break;
    case FieldDescriptor::CPPTYPE_UINT64: r.SetUInt64(&message, &field, static_cast<std::uint64_t>(value)); break;
    case FieldDescriptor::CPPTYPE_DOUBLE: r.SetDouble(&message, &field, value); break;
    case FieldDescriptor::CPPTYPE_FLOAT: r.SetFloat(&message, &field, static_cast<float>(value)); break;
    default: break;
  }
}

bool is_number(const FieldDescriptor& field) {
  return field.cpp_type() != FieldDescriptor::CPPTYPE_STRING && field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL && field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM;
}

void preset_field(Message& message, const FieldDescriptor& field) {
  const Reflection& r = *message.GetReflection();
  const v1::FieldMeta& meta = meta_of(field);
  if (meta.preset().empty() || (field.has_presence() && r.HasField(message, &field))) return;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    if (r.GetString(message, &field).empty()) r.SetString(&message, &field, meta.preset());
  } else if (is_number(field)) {
    if (!r.HasField(message, &field)) set_number(message, field, std::stod(meta.preset()));
  }
}

void check_number(const Message& message, const FieldDescriptor& field, const std::string& path, std::vector<SchemaFault>& out) {
  const v1::FieldMeta& meta = meta_of(field);
  const double value = number_of(message, field);
  const bool low = meta.has_min() && value < meta.min();
  const bool high = meta.has_max() && value > meta.max();
  if (!low && !high && value == value) return;
  out.push_back({path, fmt::format("{} is out of range: {}", number_text(value), allowed(field))});
}

void check_text(const Message& message, const FieldDescriptor& field, const std::string& path, std::vector<SchemaFault>& out) {
  const v1::FieldMeta& meta = meta_of(field);
  const std::string value = message.GetReflection()->GetString(message, &field);
  const auto& words = meta.words();
  if (!words.empty() && !value.empty() && std::find(words.begin(), words.end(), value) == words.end()) {
    out.push_back({path, fmt::format("\"{}\" is not allowed: {}", value, allowed(field))});
  }
  if (meta.has_max() && static_cast<double>(value.size()) > meta.max()) {
    out.push_back({path, fmt::format("too long: at most {} characters", meta.max())});
  }
}

void check_into(const Message& message, const std::string& prefix, std::vector<SchemaFault>& out) {
  const auto& descriptor = *message.GetDescriptor();
  const Reflection& r = *message.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const std::string path = prefix.empty() ? field.name() : prefix + "." + field.name();
    if (field.is_map()) continue;
    if (field.is_repeated()) {
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      for (int k = 0; k < r.FieldSize(message, &field); ++k) {
        check_into(r.GetRepeatedMessage(message, &field, k), fmt::format("{}[{}]", path, k), out);
      }
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (r.HasField(message, &field)) check_into(r.GetMessage(message, &field), path, out);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      check_text(message, field, path, out);
    } else if (is_number(field) && (!field.has_presence() || r.HasField(message, &field))) {
      check_number(message, field, path, out);
    }
  }
}

}  // namespace

void apply_presets(Message& message) {
  const auto& descriptor = *message.GetDescriptor();
  const Reflection& r = *message.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.is_map()) continue;
    if (field.is_repeated()) {
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      for (int k = 0; k < r.FieldSize(message, &field); ++k) apply_presets(*r.MutableRepeatedMessage(&message, &field, k));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const bool in_oneof = field.containing_oneof() != nullptr;
      if (!in_oneof || r.HasField(message, &field)) apply_presets(*r.MutableMessage(&message, &field));
    } else {
      preset_field(message, field);
    }
  }
}

std::vector<SchemaFault> check(const Message& message) {
  std::vector<SchemaFault> out;
  check_into(message, "", out);
  return out;
}

std::string allowed(const FieldDescriptor& field) {
  const v1::FieldMeta& meta = meta_of(field);
  std::string text;
  if (!meta.words().empty()) {
    text = fmt::format("one of {}", fmt::join(meta.words(), ", "));
  } else if (is_number(field)) {
    if (meta.has_min() && meta.has_max()) text = fmt::format("{} to {}", number_text(meta.min()), number_text(meta.max()));
    else if (meta.has_min()) text = fmt::format("at least {}", number_text(meta.min()));
    else if (meta.has_max()) text = fmt::format("at most {}", number_text(meta.max()));
    if (!meta.unit().empty() && meta.unit() != "1") text += (text.empty() ? "in " : " ") + meta.unit();
  }
  std::string notes;
  if (!meta.preset().empty()) notes = "default " + meta.preset();
  if (!meta.zero().empty()) notes += (notes.empty() ? "0: " : "; 0: ") + meta.zero();
  if (!notes.empty()) text += (text.empty() ? "" : " ") + ("(" + notes + ")");
  return text;
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({change, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& words) {
  std::string best;
  std::size_t best_distance = 4;
  for (const std::string& candidate : words) {
    const bool prefix = !word.empty() && (candidate.starts_with(word) || word.starts_with(candidate));
    const std::size_t distance = prefix ? 1 : edit_distance(word, candidate);
    if (distance < best_distance && distance < std::max<std::size_t>(2, candidate.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace chaos
