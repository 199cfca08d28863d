// How a node is reached with the tools of its trade: what the person who reads the page can copy. Pure.
#pragma once

#include "chaoslab/v1/lab.pb.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::web {

struct Way {
  std::string what;       // "statistics page", "psql"
  std::string command;    // for a shell; or
  std::string url;        // a page
};

/// Where the nodes are for who reads the page.
struct Place {
  bool published = false;              // the nodes run in containers: the ports that they publish on `host` are all there is
  std::string host = "127.0.0.1";
};

/// A port of a node that the compose file publishes (compose/compose.yaml).
struct PublishedPort {
  std::string_view node;
  unsigned short port;            // in the container
  unsigned short host_port;
};
const std::vector<PublishedPort>& published_ports();

/// The first is the one to try first, the log is the last. A standby listens on nothing: its log alone.
std::vector<Way> ways_to(const v1::NodeStatus& node, const Place& place);

/// The host of a Host header that may stand in a command: a name or an address, without the port; none: anything else.
std::optional<std::string> host_of(std::string_view host_header);

}  // namespace chaos::web
