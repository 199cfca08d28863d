#include "queue/management/management_call.hpp"

#include "runtime/json_text.hpp"

#include <charconv>

namespace chaos::broker {

HttpResponse found(const json::value& body) {
  HttpResponse response = json_response(200, json_text(body));
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

HttpResponse not_found() { return json_response(404, R"({"error":"Object Not Found","reason":"Not Found"})"); }

HttpResponse bad_request(const std::string& reason) {
  return json_response(400, json_text(json::object{{"error", "bad_request"}, {"reason", reason}}));
}

HttpResponse no_content() {
  HttpResponse response;
  response.status = 204;
  return response;
}

HttpResponse created() {
  HttpResponse response;
  response.status = 201;
  return response;
}

HttpResponse refused(const Refusal& refusal) {
  const auto dash = refusal.text.find(" - ");
  const std::string reason = dash == std::string::npos ? refusal.text : refusal.text.substr(dash + 3);
  if (refusal.code == amqp::Reply::not_found) return json_response(404, json_text(json::object{{"error", "not_found"}, {"reason", reason}}));
  if (refusal.code == amqp::Reply::access_refused) {
    return json_response(401, json_text(json::object{{"error", "not_authorised"}, {"reason", reason}}));
  }
  return bad_request(reason);
}

std::optional<bool> flag(const json::object& body, std::string_view name, bool otherwise) {
  const json::value* value = body.if_contains(name);
  if (!value) return otherwise;
  if (value->is_bool()) return value->get_bool();
  if (!value->is_string()) return std::nullopt;
  const auto& word = value->get_string();
  if (word == "true") return true;
  return word == "false" ? std::optional(false) : std::nullopt;
}

std::string text(const json::object& body, std::string_view name, std::string_view otherwise) {
  const json::value* value = body.if_contains(name);
  return std::string(value && value->is_string() ? std::string_view(value->get_string()) : otherwise);
}

std::optional<std::int64_t> number(const json::object& body, std::string_view name, std::int64_t otherwise) {
  const json::value* value = body.if_contains(name);
  if (!value) return otherwise;
  if (value->is_int64()) return value->get_int64();
  if (!value->is_string()) return std::nullopt;
  const std::string_view digits = value->get_string();
  std::int64_t out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size() ? std::optional(out) : std::nullopt;
}

namespace {

json::value value_of(const amqp::Value& value) {
  struct ToJson {
    json::value operator()(std::monostate) { return nullptr; }
    json::value operator()(bool v) { return v; }
    json::value operator()(std::int64_t v) { return v; }
    json::value operator()(double v) { return v; }
    json::value operator()(const std::string& v) { return json::string(v); }
    json::value operator()(const amqp::Table& v) { return object_of(v); }
    json::value operator()(const std::vector<amqp::Value>& v) {
      json::array out;
      for (const amqp::Value& item : v) out.push_back(value_of(item));
      return out;
    }
  };
  return std::visit(ToJson{}, value.data);
}

amqp::Value from_json(const json::value& value) {
  amqp::Value out;
  switch (value.kind()) {
    case json::kind::null: break;
    case json::kind::bool_: out.data = value.get_bool(); break;
    case json::kind::int64: out.data = value.get_int64(); break;
    case json::kind::uint64: out.data = static_cast<double>(value.get_uint64()); break;
    case json::kind::double_: out.data = value.get_double(); break;
    case json::kind::string: out.data = std::string(value.get_string()); break;
    case json::kind::object: out.data = table_of(&value); break;
    case json::kind::array: {
      std::vector<amqp::Value> items;
      for (const json::value& item : value.get_array()) items.push_back(from_json(item));
      out.data = std::move(items);
    }
  }
  return out;
}

}  // namespace

json::object object_of(const amqp::Table& table) {
  json::object out;
  for (const amqp::Field& field : table) out[field.name] = value_of(field.value);
  return out;
}

amqp::Table table_of(const json::value* object) {
  amqp::Table out;
  if (!object || !object->is_object()) return out;
  for (const auto& [name, value] : object->get_object()) out.push_back({std::string(name), from_json(value)});
  return out;
}

}  // namespace chaos::broker
