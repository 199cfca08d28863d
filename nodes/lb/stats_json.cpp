// The statistics as JSON (lb/stats.hpp), written as HAProxy's schema has it (`show schema json`).
#include "lb/stats.hpp"
#include "runtime/json_text.hpp"

#include <boost/json/value.hpp>

namespace chaos {

namespace {

namespace json = boost::json;

std::string_view origin(char tag) {
  switch (tag) {
    case 'S': return "Status";
    case 'K': return "Key";
    case 'C': return "Config";
    case 'P': return "Product";
    default: return "Metric";
  }
}

std::string_view nature(char tag) {
  switch (tag) {
    case 'L': return "Limit";
    case 'm': return "Min";
    case 'M': return "Max";
    case 'R': return "Rate";
    case 'C': return "Counter";
    case 'D': return "Duration";
    case 'A': return "Age";
    case 'T': return "Time";
    case 'N': return "Name";
    case 'O': return "Output";
    case 'a': return "Avg";
    default: return "Gauge";
  }
}

std::string_view scope(char tag) {
  switch (tag) {
    case 'S': return "Service";
    case 's': return "System";
    case 'C': return "Cluster";
    default: return "Process";
  }
}

json::object item(std::size_t pos, std::string_view name, std::string_view tags, std::string_view type, std::string_view value) {
  json::object out;
  out["field"] = {{"pos", pos}, {"name", name}};
  out["processNum"] = 1;
  out["tags"] = {{"origin", origin(tags[0])}, {"nature", nature(tags[1])}, {"scope", scope(tags[2])}};
  json::value number = json::string(value);
  if (type != "str") number = std::stoll(std::string(value));
  out["value"] = {{"type", type}, {"value", std::move(number)}};
  return out;
}

std::string_view kind_word(StatsRow::Kind kind) {
  switch (kind) {
    case StatsRow::Kind::frontend: return "Frontend";
    case StatsRow::Kind::backend: return "Backend";
    default: return "Server";
  }
}

}  // namespace

std::string stats_json(const StatsRows& rows) {
  const auto& fields = stats_fields();
  json::array out;
  for (const StatsRow& row : rows) {
    json::array line;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!row.has(fields[i].name)) continue;
      json::object one{{"objType", kind_word(row.kind())}, {"proxyId", row.proxy()}, {"id", row.id()}};
      for (auto& [key, value] : item(i, fields[i].name, fields[i].tags, fields[i].type, row.get(fields[i].name))) one[key] = std::move(value);
      line.push_back(std::move(one));
    }
    out.push_back(std::move(line));
  }
  return json_text(out) + "\n";
}

std::string info_json(const std::vector<InfoField>& fields) {
  json::array out;
  for (const InfoField& field : fields) out.push_back(item(static_cast<std::size_t>(field.pos), field.name, field.tags, field.type, field.value));
  return json_text(out) + "\n";
}

}  // namespace chaos
