#include "support/dashboard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>

namespace chaos::test {

namespace json = boost::json;

namespace {

const json::value* find(const json::value& in, std::initializer_list<std::string_view> path) {
  const json::value* at = &in;
  for (const std::string_view name : path) {
    const auto* object = at->if_object();
    at = object ? object->if_contains(name) : nullptr;
    if (!at) return nullptr;
  }
  return at;
}

json::array array_at(const json::value& in, std::initializer_list<std::string_view> path) {
  const json::value* found = find(in, path);
  return found && found->is_array() ? found->as_array() : json::array{};
}

std::string text_in(const json::value& in, std::initializer_list<std::string_view> path) {
  const json::value* found = find(in, path);
  return found && found->is_string() ? std::string(found->as_string()) : std::string{};
}

std::string source_of(const json::value& target, const json::value& panel) {
  const std::string own = text_in(target, {"datasource", "uid"});
  return own.empty() ? text_in(panel, {"datasource", "uid"}) : own;
}

Dashboard load(const std::filesystem::path& path) {
  std::ifstream in(path);
  boost::system::error_code ec;
  json::value value = json::parse(std::string(std::istreambuf_iterator<char>(in), {}), ec);
  if (ec) ADD_FAILURE() << path << ": " << ec.message();
  return {path.stem().string(), std::move(value)};
}

// "label_values(node_info{role=~"$role"}, node)": the selector may be absent.
std::string first_value(const std::string& query, const PrometheusApi& api, const Variables& known) {
  static const std::regex form(R"(\s*label_values\((?:(.*),)?\s*(\w+)\s*\)\s*)");
  std::smatch match;
  if (!std::regex_match(query, match, form)) return {};
  const PanelQuery selector{.expression = match[1]};
  const auto values = api.label_values(match[2], filled(selector, known));
  return values.empty() ? std::string{} : values.front();
}

std::string query_text(const json::value& variable) {
  const std::string plain = text_in(variable, {"query"});
  return plain.empty() ? text_in(variable, {"query", "query"}) : plain;
}

std::string value_of(const json::value& variable, const Sources& sources, const Variables& known) {
  const json::value* all = find(variable, {"includeAll"});
  const std::string all_value = text_in(variable, {"allValue"});
  if (all && all->is_bool() && all->as_bool()) return all_value.empty() ? ".*" : all_value;
  if (text_in(variable, {"type"}) != "query") return text_in(variable, {"current", "value"});
  const auto source = sources.find(text_in(variable, {"datasource", "uid"}));
  return source == sources.end() ? std::string{} : first_value(query_text(variable), source->second, known);
}

}  // namespace

std::string text_at(const json::object& object, std::string_view name) { return text_in(object, {name}); }

std::vector<json::object> Dashboard::panels() const {
  std::vector<json::object> found;
  for (const json::value& panel : array_at(json, {"panels"})) {
    for (const json::value& inner : array_at(panel, {"panels"})) found.push_back(inner.as_object());
    if (text_in(panel, {"type"}) != "row") found.push_back(panel.as_object());
  }
  return found;
}

std::vector<PanelQuery> Dashboard::queries() const {
  std::vector<PanelQuery> found;
  for (const json::object& panel : panels()) {
    for (const json::value& target : array_at(panel, {"targets"})) {
      const json::value* instant = find(target, {"instant"});
      const int step = std::atoi(text_in(target, {"interval"}).c_str());
      found.push_back({uid, text_at(panel, "title"), source_of(target, panel), text_in(target, {"expr"}), instant && instant->is_bool() && instant->as_bool(), std::max(step, 1)});
    }
  }
  return found;
}

std::vector<PanelQuery> Dashboard::annotations() const {
  std::vector<PanelQuery> found;
  for (const json::value& one : array_at(json, {"annotations", "list"})) {
    const std::string expression = text_in(one, {"expr"});
    if (!expression.empty()) found.push_back({uid, "annotation " + text_in(one, {"name"}), text_in(one, {"datasource", "uid"}), expression});
  }
  return found;
}

const std::vector<Dashboard>& dashboards() {
  static const std::vector<Dashboard> all = [] {
    std::vector<Dashboard> found;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(CHAOSLAB_SOURCE_DIR) + "/dashboards/json", none)) {
      if (entry.path().extension() == ".json") found.push_back(load(entry.path()));
    }
    std::ranges::sort(found, {}, &Dashboard::uid);
    return found;
  }();
  return all;
}

Variables variables_of(const Dashboard& dashboard, const Sources& sources) {
  Variables known{{"__range", "30s"}, {"__range_s", "30"}, {"__range_ms", "30000"}};
  for (const json::value& variable : array_at(dashboard.json, {"templating", "list"})) {
    const std::string name = text_in(variable, {"name"});
    known[name] = value_of(variable, sources, known);
    EXPECT_NE(known[name], "") << dashboard.uid << ": the variable " << name << " has no value";
  }
  return known;
}

namespace {

// In a window of seconds a step is the query's least one, and Grafana's $__rate_interval four of them.
Variables with_intervals(const PanelQuery& query, Variables known) {
  known["__interval"] = std::to_string(query.step_s) + "s";
  known["__interval_ms"] = std::to_string(query.step_s * 1000);
  known["__rate_interval"] = std::to_string(query.step_s * 4) + "s";
  return known;
}

}  // namespace

std::string filled(const PanelQuery& query, const Variables& chosen) {
  const Variables variables = with_intervals(query, chosen);
  static const std::regex form(R"(\$\{(\w+)(?::\w+)?\}|\$(\w+))");
  std::string out;
  auto rest = query.expression.cbegin();
  for (std::sregex_iterator it(query.expression.begin(), query.expression.end(), form), end; it != end; ++it) {
    const std::string name = (*it)[1].matched ? (*it)[1] : (*it)[2];
    const auto found = variables.find(name);
    EXPECT_TRUE(found != variables.end()) << query.dashboard << ", " << query.panel << ": nothing defines $" << name << " in " << query.expression;
    out.append(rest, (*it)[0].first);
    if (found != variables.end()) out += found->second;
    rest = (*it)[0].second;
  }
  return out.append(rest, query.expression.cend());
}

std::vector<std::string> words_of(const std::string& text) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ':'; };
  std::vector<std::string> words;
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), letter);
    at = std::find_if_not(begin, text.end(), letter);
    if (begin != at) words.emplace_back(begin, at);
  }
  return words;
}

}  // namespace chaos::test
