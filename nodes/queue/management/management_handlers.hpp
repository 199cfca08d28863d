// The handlers of the management API, by theme. What a call's arguments are stands in management_routes.cpp.
#pragma once

#include "queue/management/management_call.hpp"

namespace chaos::broker {

using Handler = HttpResponse (*)(Call& call);

struct Route {
  std::string_view method;
  std::string_view path;      // below /api/; '*' is one part
  Handler handler;
};

// management_node.cpp: the node as a whole.
HttpResponse get_overview(Call& call);
HttpResponse get_nodes(Call& call);
HttpResponse get_node(Call& call);
HttpResponse get_vhosts(Call& call);
HttpResponse get_vhost(Call& call);

// management_users.cpp: who may log in, and what is only read.
HttpResponse get_users(Call& call);
HttpResponse get_user(Call& call);
HttpResponse get_permissions(Call& call);
HttpResponse get_user_permissions(Call& call);
HttpResponse get_whoami(Call& call);
HttpResponse get_extensions(Call& call);
HttpResponse get_auth(Call& call);
HttpResponse get_cluster_name(Call& call);
HttpResponse get_nothing(Call& call);         // a list that is always empty here
HttpResponse refuse_policies(Call& call);
HttpResponse refuse_users(Call& call);

// management_health.cpp
HttpResponse aliveness_test(Call& call);
HttpResponse check_alarms(Call& call);
HttpResponse check_port(Call& call);
HttpResponse check_protocol(Call& call);
HttpResponse check_ok(Call& call);            // what cannot fail on a broker without mirrors, quorums and certificates

// management_lists.cpp
HttpResponse get_queues(Call& call);
HttpResponse get_queue(Call& call);
HttpResponse get_exchanges(Call& call);
HttpResponse get_exchange(Call& call);
HttpResponse get_bindings(Call& call);
HttpResponse get_queue_bindings(Call& call);
HttpResponse get_source_bindings(Call& call);
HttpResponse get_destination_bindings(Call& call);
HttpResponse get_pair_bindings(Call& call);
HttpResponse get_binding(Call& call);
HttpResponse get_connections(Call& call);
HttpResponse get_connection(Call& call);
HttpResponse get_connection_channels(Call& call);
HttpResponse get_channels(Call& call);
HttpResponse get_channel(Call& call);
HttpResponse get_consumers(Call& call);

// management_actions.cpp: what changes topology.
HttpResponse put_queue(Call& call);
HttpResponse delete_queue(Call& call);
HttpResponse put_exchange(Call& call);
HttpResponse delete_exchange(Call& call);
HttpResponse post_binding(Call& call);
HttpResponse delete_binding(Call& call);
HttpResponse delete_connection(Call& call);

// management_messages.cpp: what moves messages.
HttpResponse purge_queue(Call& call);
HttpResponse publish_message(Call& call);
HttpResponse get_messages(Call& call);

// management_definitions.cpp
HttpResponse get_definitions(Call& call);
HttpResponse post_definitions(Call& call);

// management_page.cpp
HttpResponse landing_page(const Desk& desk);

/// Binding named by the arguments vhost, source, 'q' or 'e', destination.
std::optional<Binding> named_binding(const Call& call);

}  // namespace chaos::broker
