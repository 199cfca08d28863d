#include "drill/yaml_reader.hpp"

#include "chaoslab/v1/options.pb.h"
#include "drill/yaml_scalar.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>

namespace chaos {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kMaxFaultText = 600;   // a fault quotes the file, which may hold anything

FilePlace place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

std::string join(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

std::vector<std::string> field_names(const Descriptor& descriptor) {
  std::vector<std::string> names;
  for (int i = 0; i < descriptor.field_count(); ++i) names.push_back(descriptor.field(i)->name());
  return names;
}

std::string shortened(std::string text) {
  if (text.size() > kMaxFaultText) text = text.substr(0, kMaxFaultText) + " ...";
  return text;
}

bool is_message(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

/// One pass over one document.
class Reader {
 public:
  Reader(std::string file, YamlResult& result) : file_(std::move(file)), result_(result) {}

  void fault(FilePlace place, const std::string& field, std::string text) {
    if (result_.faults.size() < kMaxFileFaults) result_.faults.push_back({file_, place, shortened(field), shortened(std::move(text))});
  }

  // A message of which only the presets are set.
  void read_map(const YAML::Node& node, Message& message, const std::string& path) {
    if (node.IsNull()) {
      missing(node, message, path, {});
      return;
    }
    if (!node.IsMap()) {
      fault(place_of(node.Mark()), path, fmt::format("a mapping of fields is wanted, this is {}", kind(node)));
      return;
    }
    std::vector<const FieldDescriptor*> named;
    for (const auto& entry : node) read_entry(entry.first, entry.second, message, {path, named});
    missing(node, message, path, named);
  }

 private:
  struct Scope {
    const std::string& path;
    std::vector<const FieldDescriptor*>& named;   // fields that had a key so far
  };

  static std::string kind(const YAML::Node& node) {
    if (node.IsSequence()) return "a list";
    if (node.IsMap()) return "a mapping";
    if (node.IsNull()) return "empty";
    return fmt::format("\"{}\"", node.Scalar());
  }

  void read_entry(const YAML::Node& key, const YAML::Node& value, Message& message, Scope scope) {
    const FilePlace place = place_of(key.Mark());
    const std::string name = key.IsScalar() ? key.Scalar() : kind(key);
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
    if (!field || field->is_map()) {
      unknown(place, name, *message.GetDescriptor(), scope.path);
      return;
    }
    const std::string path = join(scope.path, name);
    if (std::find(scope.named.begin(), scope.named.end(), field) != scope.named.end()) {
      fault(place, path, fmt::format("stands here a second time; first in line {}", result_.places[path].line));
      return;
    }
    const bool alone = check_oneof(place, path, *field, scope);
    scope.named.push_back(field);
    result_.places[path] = place;
    if (alone) read_value(value, message, *field, path);
  }

  void unknown(FilePlace place, const std::string& name, const Descriptor& descriptor, const std::string& path) {
    const auto names = field_names(descriptor);
    const std::string near = nearest(name, names);
    const std::string hint = near.empty() ? fmt::format("the fields here are {}", fmt::join(names, ", "))
                                          : fmt::format("did you mean \"{}\"?", near);
    fault(place, join(path, name), fmt::format("unknown field \"{}\"; {}", name, hint));
  }

  bool check_oneof(FilePlace place, const std::string& path, const FieldDescriptor& field, Scope scope) {
    const auto* oneof = field.real_containing_oneof();
    if (!oneof) return true;
    for (const FieldDescriptor* other : scope.named) {
      if (other->real_containing_oneof() != oneof) continue;
      fault(place, path, fmt::format("only one {} may be set; \"{}\" is there already, in line {}", oneof->name(), other->name(),
                                     result_.places[join(scope.path, other->name())].line));
      return false;
    }
    return true;
  }

  void read_value(const YAML::Node& value, Message& message, const FieldDescriptor& field, const std::string& path) {
    const auto& reflection = *message.GetReflection();
    if (field.is_repeated()) {
      read_list(value, message, field, path);
    } else if (is_message(field)) {
      Message& child = *reflection.MutableMessage(&message, &field);
      apply_presets(child);
      read_map(value, child, path);
    } else if (!value.IsScalar()) {
      fault(place_of(value.Mark()), path, fmt::format("a {} is wanted, this is {}", scalar_kind(field), kind(value)));
    } else if (auto wrong = set_scalar(message, field, value.Scalar()); !wrong.empty()) {
      fault(place_of(value.Mark()), path, std::move(wrong));
    }
  }

  void read_list(const YAML::Node& value, Message& message, const FieldDescriptor& field, const std::string& path) {
    if (value.IsNull()) return;
    if (!value.IsSequence() || !is_message(field)) {
      fault(place_of(value.Mark()), path, fmt::format("a list is wanted, this is {}", kind(value)));
      return;
    }
    if (value.size() > kMaxListEntries) {
      fault(place_of(value.Mark()), path, fmt::format("{} entries; allowed: at most {}", value.size(), kMaxListEntries));
      return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      const YAML::Node entry = value[i];
      const std::string entry_path = fmt::format("{}[{}]", path, i);
      result_.places[entry_path] = place_of(entry.Mark());
      Message& child = *message.GetReflection()->AddMessage(&message, &field);
      apply_presets(child);
      read_map(entry, child, entry_path);
    }
  }

  void missing(const YAML::Node& node, const Message& message, const std::string& path,
               const std::vector<const FieldDescriptor*>& named) {
    const auto& descriptor = *message.GetDescriptor();
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor& field = *descriptor.field(i);
      const auto& meta = field.options().GetExtension(v1::meta);
      if (!meta.required()) continue;
      const std::string hint = hint_for(field);
      if (std::find(named.begin(), named.end(), &field) == named.end()) {
        fault(place_of(node.Mark()), join(path, field.name()), "is missing and required" + hint);
      } else if (field.is_repeated() && message.GetReflection()->FieldSize(message, &field) == 0 && !failed(path, field)) {
        fault(result_.places[join(path, field.name())], join(path, field.name()), "is empty and required" + hint);
      }
    }
  }

  bool failed(const std::string& path, const FieldDescriptor& field) const {
    const std::string whole = join(path, field.name());
    return std::any_of(result_.faults.begin(), result_.faults.end(), [&](const FileFault& f) { return f.field == whole; });
  }

  static std::string hint_for(const FieldDescriptor& field) {
    const std::string range = allowed_text(field);
    return range.empty() ? "" : "; allowed: " + range;
  }

  std::string file_;
  YamlResult& result_;
};

/// Sees documents go by and keeps where the last one began.
class DocumentMarks final : public YAML::EventHandler {
 public:
  YAML::Mark last;
  void OnDocumentStart(const YAML::Mark& mark) override { last = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

// Not YAML::LoadAll: in yaml-cpp 0.7 it never ends on some malformed texts ("%" and a comment), which give documents for ever.
void check_single(const std::string& text, Reader& reader) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  DocumentMarks marks;
  if (!parser.HandleNextDocument(marks) || !parser.HandleNextDocument(marks)) return;
  reader.fault(place_of(marks.last), "", "a second document; a file holds one");
}

void read_document(const YamlText& source, Message& message, Reader& reader) {
  const std::string text(source.text);
  const YAML::Node document = YAML::Load(text);
  check_single(text, reader);
  if (!document.IsDefined() || document.IsNull()) {
    reader.fault({1, 1}, "", "the first document is empty");
    return;
  }
  apply_presets(message);
  reader.read_map(document, message, "");
}

}  // namespace

std::string FileFault::to_string() const {
  std::string out = file;
  if (place.line > 0) out += fmt::format(":{}:{}", place.line, place.column);
  out += ": ";
  if (!field.empty()) out += field + ": ";
  return out + text;
}

void sort_by_place(std::vector<FileFault>& faults) {
  std::multimap<std::pair<int, int>, FileFault> by_place;
  for (FileFault& fault : faults) by_place.emplace(std::pair(fault.place.line, fault.place.column), std::move(fault));
  faults.clear();
  for (auto& [place, fault] : by_place) faults.push_back(std::move(fault));
}

YamlResult read_yaml(const YamlText& source, Message& message) {
  YamlResult result;
  Reader reader(source.file, result);
  if (source.text.size() > kMaxFileBytes) {
    reader.fault({}, "", fmt::format("{} bytes; allowed: at most {}", source.text.size(), kMaxFileBytes));
    return result;
  }
  try {
    read_document(source, message, reader);
  } catch (const YAML::Exception& error) {
    reader.fault(place_of(error.mark), "", "not YAML: " + error.msg);
  }
  sort_by_place(result.faults);
  return result;
}

}  // namespace chaos
