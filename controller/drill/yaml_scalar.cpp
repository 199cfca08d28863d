#include "drill/yaml_scalar.hpp"

#include "chaoslab/v1/options.pb.h"
#include "drill/yaml_reader.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace chaos {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const v1::FieldMeta& meta_of(const FieldDescriptor& field) { return field.options().GetExtension(v1::meta); }

template <class T>
std::optional<T> parse(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  T value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool in_range(const v1::FieldMeta& meta, double value) {
  return (!meta.has_min() || value >= meta.min()) && (!meta.has_max() || value <= meta.max());
}

std::string with_allowed(std::string text, const FieldDescriptor& field) {
  const std::string range = allowed_text(field);
  return range.empty() ? text : text + "; allowed: " + range;
}

std::string wrong_type(const FieldDescriptor& field, const std::string& text) {
  return with_allowed(fmt::format("a {} is wanted, this is \"{}\"", scalar_kind(field), text), field);
}

std::string out_of_range(const FieldDescriptor& field, const std::string& text) {
  return with_allowed(fmt::format("{} is out of range", text), field);
}

template <class T, class Set>
std::string set_whole(const FieldDescriptor& field, const std::string& text, Set set) {
  const auto value = parse<T>(text);
  if (!value) return wrong_type(field, text);
  if (!in_range(meta_of(field), static_cast<double>(*value))) return out_of_range(field, text);
  set(*value);
  return {};
}

std::string set_double(Message& message, const FieldDescriptor& field, const std::string& text) {
  double value = 0;
  if (!meta_of(field).lab_clock() || !parse_lab_clock(text, value)) {
    const auto number = parse<double>(text);
    if (!number || !std::isfinite(*number)) return wrong_type(field, text);
    value = *number;
  }
  if (!in_range(meta_of(field), value)) return out_of_range(field, text);
  message.GetReflection()->SetDouble(&message, &field, value);
  return {};
}

std::string set_text(Message& message, const FieldDescriptor& field, const std::string& text) {
  const auto& meta = meta_of(field);
  const std::vector<std::string> words(meta.words().begin(), meta.words().end());
  if (!words.empty() && std::find(words.begin(), words.end(), text) == words.end()) {
    const std::string near = nearest(text, words);
    const std::string hint = near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
    return with_allowed(fmt::format("\"{}\" is not a word for this{}", text, hint), field);
  }
  if (meta.required() && text.empty()) return "is empty and required";
  if ((meta.has_min() || meta.has_max()) && !in_range(meta, static_cast<double>(text.size()))) {
    return fmt::format("{} characters; allowed: {:g} to {:g}", text.size(), meta.min(), meta.max());
  }
  message.GetReflection()->SetString(&message, &field, text);
  return {};
}

std::string set_bool(Message& message, const FieldDescriptor& field, const std::string& text) {
  if (text != "true" && text != "false") return fmt::format("\"{}\" is neither true nor false", text);
  message.GetReflection()->SetBool(&message, &field, text == "true");
  return {};
}

bool digits(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string set_scalar(Message& message, const FieldDescriptor& field, const std::string& text) {
  const auto& r = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: return set_text(message, field, text);
    case FieldDescriptor::CPPTYPE_BOOL: return set_bool(message, field, text);
    case FieldDescriptor::CPPTYPE_DOUBLE: return set_double(message, field, text);
    case FieldDescriptor::CPPTYPE_INT32:
      return set_whole<std::int32_t>(field, text, [&](auto v) { r.SetInt32(&message, &field, v); });
    case FieldDescriptor::CPPTYPE_INT64:
      return set_whole<std::int64_t>(field, text, [&](auto v) { r.SetInt64(&message, &field, v); });
    case FieldDescriptor::CPPTYPE_UINT32:
      return set_whole<std::uint32_t>(field, text, [&](auto v) { r.SetUInt32(&message, &field, v); });
    case FieldDescriptor::CPPTYPE_UINT64:
      return set_whole<std::uint64_t>(field, text, [&](auto v) { r.SetUInt64(&message, &field, v); });
    default: return "cannot be set in a file";
  }
}

std::string scalar_kind(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: return "text";
    case FieldDescriptor::CPPTYPE_BOOL: return "switch (true or false)";
    case FieldDescriptor::CPPTYPE_DOUBLE: return meta_of(field).lab_clock() ? "lab time (\"HH:MM\" or seconds)" : "number";
    default: return "whole number";
  }
}

std::string allowed_text(const FieldDescriptor& field) {
  std::string text = allowed(field);
  if (!meta_of(field).lab_clock()) return text;
  const double hours = meta_of(field).max() / 3600;
  return fmt::format("\"00:00\" to \"{:g}:00\", or {}", hours, text);
}

bool parse_lab_clock(std::string_view text, double& seconds) {
  const auto first = text.find(':');
  if (first == std::string_view::npos || !digits(text.substr(0, first), 1, 3)) return false;
  const std::string_view rest = text.substr(first + 1);
  const auto second = rest.find(':');
  const std::string_view minutes = rest.substr(0, second);
  const std::string_view tail = second == std::string_view::npos ? "00" : rest.substr(second + 1);
  if (!digits(minutes, 2, 2) || !digits(tail, 2, 2) || minutes > "59" || tail > "59") return false;
  const double total = 3600.0 * *parse<int>(text.substr(0, first)) + 60.0 * *parse<int>(minutes) + *parse<int>(tail);
  if (total > 168 * 3600.0) return false;
  seconds = total;
  return true;
}

}  // namespace chaos
