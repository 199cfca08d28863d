#include "lb/stats.hpp"

#include <algorithm>

namespace chaos {

namespace {

std::string quoted(std::string_view value) {
  if (value.find_first_of(",\"") == std::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (char c : value) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  return out + "\"";
}

void separate_modules(std::string& out, std::size_t field) {
  if (field == kFirstModuleField) out.append("-,");
}

// The few that mean something else on a backend's line.
std::string_view tags_of(const StatsField& field, StatsRow::Kind kind) {
  const bool backends = kind == StatsRow::Kind::backend && (field.name == "rate" || field.name == "rate_max" || field.name == "act" || field.name == "bck");
  return backends ? "MGP" : field.tags;
}

std::string typed_value(std::string_view name, std::string_view tags, std::string_view type, std::string_view value) {
  std::string out;
  out.append(name).append(".1:").append(tags).append(":").append(type).append(":").append(value).append("\n");
  return out;
}

template <class Drop>
StatsRows without(StatsRows rows, Drop drop) {
  std::erase_if(rows, drop);
  return rows;
}

}  // namespace

StatsRow::StatsRow(Kind kind, int proxy, int id, std::string proxy_name, std::string name) : kind_(kind), proxy_(proxy), id_(id) {
  set("pxname", std::move(proxy_name));
  set("svname", std::move(name));
  set("pid", std::uint64_t{1});
  set("iid", static_cast<std::uint64_t>(proxy));
  set("sid", static_cast<std::uint64_t>(id));
  set("type", static_cast<std::uint64_t>(kind));
  set("mode", "http");
}

std::string_view StatsRow::get(std::string_view column) const {
  const auto found = values_.find(column);
  return found == values_.end() ? std::string_view{} : std::string_view(found->second);
}

std::string stats_csv(const StatsRows& rows) {
  const auto& fields = stats_fields();
  std::string out = "# ";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    separate_modules(out, i);
    out.append(fields[i].name).append(",");
  }
  out.append("\n");
  for (const StatsRow& row : rows) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      separate_modules(out, i);
      out.append(quoted(row.get(fields[i].name))).append(",");
    }
    out.append("\n");
  }
  return out;
}

std::string stats_typed(const StatsRows& rows) {
  const auto& fields = stats_fields();
  std::string out;
  for (const StatsRow& row : rows) {
    const std::string head = std::string(1, "FBS"[static_cast<int>(row.kind())]) + "." + std::to_string(row.proxy()) + "." + std::to_string(row.id()) + ".";
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!row.has(fields[i].name)) continue;
      out.append(head).append(std::to_string(i)).append(".");
      out.append(typed_value(fields[i].name, tags_of(fields[i], row.kind()), fields[i].type, row.get(fields[i].name)));
    }
  }
  return out;
}

std::string info_plain(const std::vector<InfoField>& fields) {
  std::string text;
  for (const InfoField& field : fields) text.append(field.name).append(": ").append(field.value).append("\n");
  return text;
}

std::string info_typed(const std::vector<InfoField>& fields) {
  std::string text;
  for (const InfoField& field : fields) {
    text.append(std::to_string(field.pos)).append(".").append(typed_value(field.name, field.tags, field.type, field.value));
  }
  return text;
}

StatsRows select_rows(StatsRows rows, int proxy, int kinds, int server) {
  return without(std::move(rows), [=](const StatsRow& row) {
    const bool other_proxy = proxy != -1 && row.proxy() != proxy;
    const bool other_kind = kinds != -1 && (kinds & (1 << static_cast<int>(row.kind()))) == 0;
    return other_proxy || other_kind || (server != -1 && row.id() != server);
  });
}

StatsRows only_up(StatsRows rows) {
  return without(std::move(rows), [](const StatsRow& row) {
    return row.kind() != StatsRow::Kind::frontend && (row.get("status").starts_with("DOWN") || row.get("status") == "MAINT");
  });
}

StatsRows without_maintenance(StatsRows rows) {
  return without(std::move(rows), [](const StatsRow& row) { return row.kind() == StatsRow::Kind::server && row.get("status") == "MAINT"; });
}

}  // namespace chaos
