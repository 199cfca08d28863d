#include "queue/management/management_handlers.hpp"

namespace chaos::broker {

namespace {

// Each user may do everything, as RabbitMQ's guest.
json::object user_json(const std::string& name) {
  return {{"name", name}, {"tags", json::array{"administrator"}}, {"limits", json::object()}};
}

json::object permission_json(const std::string& name) {
  return {{"user", name}, {"vhost", "/"}, {"configure", ".*"}, {"write", ".*"}, {"read", ".*"}};
}

}  // namespace

HttpResponse get_users(Call& call) {
  json::array out;
  for (const auto& [name, password] : call.desk.users.all()) out.push_back(user_json(name));
  return listed(call, std::move(out));
}

HttpResponse get_user(Call& call) {
  if (!call.desk.users.all().contains(call.args[0])) return not_found();
  return found(user_json(call.args[0]));
}

HttpResponse get_permissions(Call& call) {
  json::array out;
  for (const auto& [name, password] : call.desk.users.all()) out.push_back(permission_json(name));
  return listed(call, std::move(out));
}

HttpResponse get_user_permissions(Call& call) {
  if (!call.desk.users.all().contains(call.args[0])) return not_found();
  return listed(call, json::array{permission_json(call.args[0])});
}

HttpResponse get_whoami(Call& call) {
  return found(json::object{{"name", call.user}, {"tags", json::array{"administrator"}}, {"is_internal_user", true}});
}

HttpResponse get_extensions(Call&) { return found(json::array()); }
HttpResponse get_auth(Call&) { return found(json::object{{"enable_uaa", false}, {"uaa_client_id", ""}, {"uaa_location", ""}}); }
HttpResponse get_cluster_name(Call& call) { return found(json::object{{"name", call.desk.node}}); }
HttpResponse get_nothing(Call&) { return found(json::array()); }

HttpResponse refuse_policies(Call&) {
  return bad_request("policies and limits are not supported: give the queue its arguments (x-message-ttl, x-max-length, x-dead-letter-exchange, ...)");
}

HttpResponse refuse_users(Call&) {
  return bad_request("users are set in the lab file (queue: users), and there is one virtual host, \"/\"");
}

}  // namespace chaos::broker
