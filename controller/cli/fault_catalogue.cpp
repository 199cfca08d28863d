#include "cli/fault_catalogue.hpp"

#include "cli/cli.hpp"
#include "cli/print.hpp"
#include "drill/drill_file.hpp"
#include "runtime/schema.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos::cli {

namespace {

using google::protobuf::FieldDescriptor;

constexpr const char* kCommon[] = {"probability", "ramp_lab_s", "duration_lab_s", "seed"};

FaultFlag flag_of(const FieldDescriptor& field) {
  std::string name = "--" + field.name();
  std::replace(name.begin(), name.end(), '_', '-');
  const auto& meta = field.options().GetExtension(v1::meta);
  const std::string range = allowed(field);
  return {&field, name, meta.help() + (range.empty() ? "" : "; " + range)};
}

bool lab_time(const FieldDescriptor& field) { return field.options().GetExtension(v1::meta).unit() == "lab s"; }

double to_number(const FieldDescriptor& field, const std::string& text) {
  if (lab_time(field)) return parse_lab_seconds(text);
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != text.size()) throw Failure(kUsage, "\"" + text + "\" is not a number");
  return value;
}

void set_value(google::protobuf::Message& message, const FieldDescriptor& field, const std::string& text) {
  const auto& r = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: r.SetString(&message, &field, text); break;
    case FieldDescriptor::CPPTYPE_DOUBLE: r.SetDouble(&message, &field, to_number(field, text)); break;
    case FieldDescriptor::CPPTYPE_INT32: r.SetInt32(&message, &field, static_cast<std::int32_t>(to_number(field, text))); break;
    case FieldDescriptor::CPPTYPE_UINT64: r.SetUInt64(&message, &field, static_cast<std::uint64_t>(to_number(field, text))); break;
    default: throw Failure(kUsage, field.name() + " cannot be set from the command line");
  }
}

constexpr const char* kEnds =
    "| ends | injected: when it is cleared, and on each node with its process (a restart, an OOM kill). In a drill's release: each new process of that version has it again, so a restart buys time only |\n";

std::vector<std::string> roles_of(const FaultKind& kind) { return {kind.meta.roles().begin(), kind.meta.roles().end()}; }

}  // namespace

std::vector<FaultKind> fault_kinds() {
  std::vector<FaultKind> kinds;
  const auto* oneof = v1::Fault::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < oneof->field_count(); ++i) {
    const FieldDescriptor* field = oneof->field(i);
    FaultKind kind{field->name(), field, field->message_type()->options().GetExtension(v1::fault), {}};
    for (int k = 0; k < field->message_type()->field_count(); ++k) kind.flags.push_back(flag_of(*field->message_type()->field(k)));
    kinds.push_back(std::move(kind));
  }
  return kinds;
}

bool ends_with_process(const FaultKind& kind) {
  return !kind.meta.one_shot() && (kind.meta.seam() == v1::SEAM_PROCESS || kind.meta.seam() == v1::SEAM_STATE);
}

std::vector<FaultFlag> common_flags() {
  std::vector<FaultFlag> flags;
  for (const char* name : kCommon) flags.push_back(flag_of(*v1::Fault::descriptor()->FindFieldByName(name)));
  flags.push_back(flag_of(*v1::FaultTarget::descriptor()->FindFieldByName("share")));
  return flags;
}

std::string seam_word(v1::Seam seam) {
  switch (seam) {
    case v1::SEAM_EDGE: return "edge";
    case v1::SEAM_CALL: return "call";
    case v1::SEAM_PROCESS: return "process";
    case v1::SEAM_STATE: return "state";
    default: return "?";
  }
}

v1::FaultTarget parse_target(const std::string& text) {
  v1::FaultTarget target;
  const auto arrow = text.find("->");
  const std::string from = text.substr(0, arrow);
  const auto& roles = path_order();
  if (std::find(roles.begin(), roles.end(), from) != roles.end()) target.set_role(from);
  else target.set_node(from);
  if (arrow != std::string::npos) target.set_edge_to(text.substr(arrow + 2));
  if (from.empty() || (arrow != std::string::npos && target.edge_to().empty())) {
    throw Failure(kUsage, "\"" + text + "\" is no target: a node (server-2), a role (server) or an edge ('server-2->postgres')");
  }
  return target;
}

v1::Fault make_fault(const FaultKind& kind, const std::string& target, const std::map<std::string, std::string>& values) {
  v1::Fault fault;
  auto& own = *fault.GetReflection()->MutableMessage(&fault, kind.field);
  *fault.mutable_target() = parse_target(target);
  for (const auto& [name, text] : values) {
    if (text.empty()) continue;
    if (name == "share") fault.mutable_target()->set_share(to_number(*v1::FaultTarget::descriptor()->FindFieldByName("share"), text));
    else if (const auto* field = own.GetDescriptor()->FindFieldByName(name)) set_value(own, *field, text);
    else set_value(fault, *v1::Fault::descriptor()->FindFieldByName(name), text);
  }
  apply_presets(fault);
  std::string wrong;
  for (const SchemaFault& one : check(fault)) wrong += (wrong.empty() ? "" : "\n") + one.field + ": " + one.text;
  if (!wrong.empty()) throw Failure(kUsage, wrong);
  return fault;
}

std::string catalogue_markdown() {
  std::string out = "# Faults\n\nGenerated from proto/chaoslab/v1/fault.proto by `chaosctl faults --markdown`. Every fault also takes:\n\n";
  for (const FaultFlag& flag : common_flags()) out += fmt::format("- `{}`: {}\n", flag.flag, flag.help);
  for (const FaultKind& kind : fault_kinds()) {
    const auto roles = roles_of(kind);
    out += fmt::format("\n## {}\n\nThe {} seam{}: {}.\n\n", kind.name, seam_word(kind.meta.seam()), kind.meta.one_shot() ? ", once" : "", kind.meta.summary());
    out += fmt::format("| | |\n|---|---|\n| cause in production | {} |\n| looks like | {} |\n| cure | {} |\n{}| roles | {} |\n| data | {} |\n",
                       kind.meta.cause(), kind.meta.looks_like(), kind.meta.cure(), ends_with_process(kind) ? kEnds : "", roles.empty() ? "every role" : fmt::format("{}", fmt::join(roles, ", ")),
                       kind.meta.loses_data() ? "loses acknowledged data" : "nothing acknowledged is lost");
    for (const FaultFlag& flag : kind.flags) out += fmt::format("| `{}` | {} |\n", flag.flag, flag.help);
  }
  return out;
}

}  // namespace chaos::cli
