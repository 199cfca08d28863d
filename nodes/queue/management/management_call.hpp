// One call of the management API, and the answers that many of its handlers give.
#pragma once

#include "queue/management/management.hpp"

#include <boost/json.hpp>

namespace chaos::broker {

namespace json = boost::json;

struct Call {
  Desk& desk;
  const HttpRequest& request;
  std::string user;
  std::vector<std::string> args = {};    // what stands for the '*' of the path, decoded
  json::object body = {};                // of PUT, POST and DELETE; empty when none came

  /// A query parameter, decoded; empty when missing.
  std::string query(std::string_view name) const { return query_value(request.query(), name).value_or(""); }
};

HttpResponse found(const json::value& body);
HttpResponse not_found();
HttpResponse bad_request(const std::string& reason);
HttpResponse no_content();
HttpResponse created();
/// A refusal of the broker, with RabbitMQ's status and without the code's name.
HttpResponse refused(const Refusal& refusal);
/// A list with the query's columns, sort, sort_reverse, page, page_size and name.
HttpResponse listed(const Call& call, json::array items);
/// One thing with the query's columns.
HttpResponse shown(const Call& call, json::object item);

/// A field of the body: true, false, or these words in a string, as RabbitMQ takes them. nullopt: something else.
std::optional<bool> flag(const json::object& body, std::string_view name, bool otherwise);
std::string text(const json::object& body, std::string_view name, std::string_view otherwise = "");
/// A number, also in a string. nullopt: something else.
std::optional<std::int64_t> number(const json::object& body, std::string_view name, std::int64_t otherwise);

json::object object_of(const amqp::Table& table);
/// Numbers that do not fit 64 bits become doubles.
amqp::Table table_of(const json::value* object);

}  // namespace chaos::broker
