// What a role is to the runtime, and what the runtime offers to a role.
#pragma once

#include "chaoslab/v1/node.pb.h"
#include "runtime/asio.hpp"
#include "runtime/clock.hpp"
#include "runtime/deadline.hpp"
#include "runtime/edge_stream.hpp"
#include "runtime/error.hpp"
#include "runtime/log.hpp"
#include "runtime/random.hpp"
#include "runtime/seams.hpp"
#include "runtime/station.hpp"
#include "runtime/stats.hpp"
#include "runtime/task_group.hpp"

#include <any>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chaos {

/// Everything a role may use; it lives longer than the role. Data thread only.
struct NodeContext {
  std::string name;                    // "server-2"
  std::string role;                    // "server"
  std::string address;                 // the host that this node listens on
  std::filesystem::path data_dir;      // this node's own; exists
  asio::io_context& io;
  const Clock& clock;
  Deadlines& deadlines;
  Seams& seams;
  Log& log;
  TaskGroup& tasks;
  RequestStats& stats;
  prometheus::Registry& registry;
  Rng rng;
  std::function<double()> slowdown;    // for stations
  std::function<bool()> draining;      // true: /readyz answers 503
  std::map<std::string, std::any>& states;   // what state faults may bend, by name; a role puts pointers in

  /// The state as last applied; changes only between two calls of Role::reconfigure.
  const v1::DesiredState& desired() const { return *desired_state; }
  /// Active and draining peers of a role, by name; draining ones are not for new work.
  std::vector<v1::Peer> peers(std::string_view role) const;
  /// The first active peer of a role, or a draining one when there is no other, or none.
  const v1::Peer* first_peer(std::string_view role) const;

  const v1::DesiredState* desired_state = nullptr;
};

/// One role's service. Made when the node turns active; destroyed after drain and after its tasks ended.
class Role {
 public:
  virtual ~Role() = default;
  /// Opens what it listens on and spawns its tasks in ctx.tasks. An error ends the process.
  virtual awaitable<Result<void>> start() = 0;
  /// After a new desired state was applied. Config may have changed in every value.
  virtual void reconfigure() {}
  /// Takes no new connections and no new work; returns when nothing is in flight. The caller bounds it in time.
  virtual awaitable<void> drain() = 0;
  /// Brings metrics that are kept elsewhere up to date; called before each scrape.
  virtual void before_scrape() {}
  /// Adds the role's own figures.
  virtual void report(v1::Report& /*out*/) {}
};

using MakeRole = std::unique_ptr<Role> (*)(NodeContext& ctx);
struct RoleEntry {
  std::string_view name;
  MakeRole make;
};

/// The same node at the same place; its duty may differ.
bool same_place(const v1::Peer& a, const v1::Peer& b);

/// A station's settings from its configuration.
StationSettings station_settings(const v1::StationConfig& config);

}  // namespace chaos
