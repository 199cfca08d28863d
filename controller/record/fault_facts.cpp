#include "record/fault_facts.hpp"

#include "record/drill_faults.hpp"
#include "record/incident.hpp"
#include "record/words.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <cctype>

namespace chaos::record {
namespace {

const google::protobuf::FieldDescriptor* kind_of(const v1::Fault& fault) {
  return fault.GetReflection()->GetOneofFieldDescriptor(fault, fault.GetDescriptor()->oneof_decl(0));
}

std::string value_text(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field) {
  using Type = google::protobuf::FieldDescriptor;
  const auto* values = message.GetReflection();
  switch (field.cpp_type()) {
    case Type::CPPTYPE_DOUBLE: return number(values->GetDouble(message, &field));
    case Type::CPPTYPE_INT32: return std::to_string(values->GetInt32(message, &field));
    case Type::CPPTYPE_STRING: return values->GetString(message, &field);
    case Type::CPPTYPE_BOOL: return values->GetBool(message, &field) ? "yes" : "no";
    default: return {};
  }
}

/// "delay_ms" with unit "ms" is "delay"; "mb_per_lab_hour" with unit "MB per lab hour" is nothing.
std::string label_of(const google::protobuf::FieldDescriptor& field, std::string unit) {
  std::string words = field.name();
  std::replace(words.begin(), words.end(), '_', ' ');
  unit = lower(unit);
  if (!unit.empty() && words.ends_with(unit)) words.erase(words.size() - unit.size());
  return words.empty() || words.back() == ' ' ? words : words + " ";
}

std::string with_unit(const google::protobuf::FieldDescriptor& field, const std::string& value) {
  const std::string& unit = field.options().GetExtension(v1::meta).unit();
  return label_of(field, unit) + value + (unit.empty() || unit == "1" ? "" : " " + unit);
}

void append(std::string* list, const std::string& item) {
  if (!list->empty()) *list += ", ";
  *list += item;
}

std::string home_of(const v1::ScheduledFault& fault) {
  if (!fault.where().empty()) return fault.where();
  if (!fault.in_version().empty()) return "in the code of version " + fault.in_version();
  return "on " + fault_target(fault.fault());
}

std::string began_text(double lab_s, const v1::Event* event, const RunData& data) {
  const std::string began = clock_text(lab_s);
  const std::string id = event ? fault_id_of(*event) : "";
  if (id.empty()) return began;
  for (const auto& end : data.events) {
    if (!is_fault_end(end) || fault_id_of(end) != id) continue;
    const std::string until = clock_text(end.lab_s());
    return until == began ? began : began + ", until " + until;
  }
  return began;
}

std::string began_text(const FaultCourse& course, const RunData& data) {
  if (course.began) return began_text(*course.began, course.event, data);
  const std::string why = never_held(course);
  return why.empty() ? "not begun in this run" : why;
}

FaultFacts facts_of(const FaultCourse& course, const RunData& data) {
  const auto& fault = *course.fault;
  const auto& meta = fault_meta(fault.fault());
  return {.name = fault_name(fault.fault()),
          .target = fault_target(fault.fault()),
          .strength = fault_strength(fault.fault()),
          .lab_s = course.began,
          .scheduled = true,
          .began = began_text(course, data),
          .summary = meta.summary(),
          .where = home_of(fault),
          .cause = fault.where().empty() ? meta.cause() : "",
          .cure = fault.cure().empty() ? meta.cure() : fault.cure(),
          .looks_like = meta.looks_like()};
}

/// Of the catalogue's fault with this name; empty ones when it has none.
const v1::FaultMeta& meta_of_name(const std::string& name) {
  const auto* field = v1::Fault::descriptor()->FindFieldByName(name);
  const bool is_kind = field && field->containing_oneof();
  return is_kind ? field->message_type()->options().GetExtension(v1::fault) : v1::FaultMeta::default_instance();
}

/// By its event's text: "latency on server->postgres (f2)".
FaultFacts facts_of(const v1::Event& event, const RunData& data) {
  std::string text = event.text();
  const std::string id = fault_id_of(event);
  if (!id.empty()) text.erase(text.rfind(" ("));
  const std::size_t on = text.find(" on ");
  const std::string name = text.substr(0, on);
  const std::string target = on == std::string::npos ? event.node() : text.substr(on + 4);
  const auto& meta = meta_of_name(name);
  return {.name = name,
          .target = target,
          .lab_s = event.lab_s(),
          .began = began_text(event.lab_s(), &event, data),
          .summary = meta.summary(),
          .where = (target.empty() ? "" : "on " + target + ", ") + "injected by " + (event.actor().empty() ? "hand" : "the " + event.actor()),
          .cause = meta.cause(),
          .cure = meta.cure().empty() ? "clear it" : meta.cure(),
          .looks_like = meta.looks_like()};
}

void add_scheduled(const RunData& data, std::vector<FaultFacts>* all) {
  for (const auto& course : courses_of(data)) {
    const bool ahead = !course.came && course.fault->at() > data.info.last_lab_s;     // the run ended before: it spoils the next one
    if (!ahead) all->push_back(facts_of(course, data));
  }
}

void add_injected(const RunData& data, bool reveal, std::vector<FaultFacts>* all) {
  for (const auto& event : data.events) {
    if (is_fault_start(event) && event.actor() != "drill" && (reveal || !event.hidden())) all->push_back(facts_of(event, data));
  }
}

}  // namespace

const v1::FaultMeta& fault_meta(const v1::Fault& fault) {
  const auto* field = kind_of(fault);
  if (!field) return v1::FaultMeta::default_instance();
  return field->message_type()->options().GetExtension(v1::fault);
}

std::string fault_name(const v1::Fault& fault) {
  const auto* field = kind_of(fault);
  return field ? field->name() : "fault";
}

std::string fault_target(const v1::Fault& fault) {
  const auto& target = fault.target();
  std::string name = target.node().empty() ? target.role() : target.node();
  if (target.node().empty() && target.share() > 0 && target.share() < 1) name = percent(target.share(), 0) + " of " + name;
  if (!target.edge_to().empty()) name += "->" + target.edge_to();
  return name.empty() ? "the lab" : name;
}

std::string fault_strength(const v1::Fault& fault) {
  std::string list;
  const auto* kind = kind_of(fault);
  if (!kind) return list;
  const auto& own = fault.GetReflection()->GetMessage(fault, kind);
  for (int i = 0; i < own.GetDescriptor()->field_count(); ++i) {
    const auto& field = *own.GetDescriptor()->field(i);
    const std::string value = value_text(own, field);
    if (!value.empty() && value != "0") append(&list, with_unit(field, value));
  }
  if (fault.probability() > 0 && fault.probability() < 1) append(&list, "probability " + number(fault.probability()));
  if (fault.ramp_lab_s() > 0) append(&list, "over a ramp of " + span_text(fault.ramp_lab_s()));
  if (fault.duration_lab_s() > 0) append(&list, "for " + span_text(fault.duration_lab_s()));
  return list;
}

std::vector<FaultFacts> faults_of(const RunData& data) {
  const bool over = data.info.state != RunState::running;
  std::vector<FaultFacts> all;
  if (over) add_scheduled(data, &all);
  add_injected(data, over, &all);
  return all;
}

std::optional<FaultFacts> incident_fault(const RunData& data) {
  std::vector<FaultFacts> all;
  add_scheduled(data, &all);
  std::erase_if(all, [](const FaultFacts& fault) { return !fault.lab_s; });
  if (all.empty()) add_injected(data, true, &all);
  const auto first = std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return *a.lab_s < *b.lab_s; });
  return first == all.end() ? std::nullopt : std::optional(*first);
}

}  // namespace chaos::record
