// The load balancer as its runtime API sees it.
#pragma once

#include "lb/check_report.hpp"
#include "lb/health.hpp"
#include "lb/stats.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos {

/// What the runtime API orders of a server's agent; what is not named stays.
struct AgentOrder {
  std::optional<bool> enabled;
  std::optional<bool> up;
  std::optional<std::string> address;
  std::optional<unsigned short> port;
  std::optional<std::string> send;
};

/// What `show servers state`, `show servers conn` and `get weight` tell of a server (management guide, section 9.3).
struct ServerView {
  int id = 0;
  std::string name;
  std::string address;
  bool up = false;
  bool stopping = false;        // up, by its own word without new work
  bool drained = false;         // by the controller's order
  bool checked = true;
  AdminState admin = AdminState::ready;
  unsigned weight = 1;
  unsigned first_weight = 1;
  std::uint64_t since_change_s = 0;
  std::string_view check_status;
  CheckResult check_result = CheckResult::failed;
  int check_health = 0;
  bool agent_exists = false;
  bool agent_enabled = false;
  std::string agent_address;    // empty: the server's own
  unsigned short agent_port = 0;
  std::size_t used = 0;         // connections
  std::size_t most_used = 0;
  std::size_t idle = 0;
};

/// One request under way.
struct SessionView {
  std::uint64_t id = 0;
  std::string source;
  std::string server;           // empty: none yet
  std::string request;          // "GET /items/1"
  std::uint64_t age_s = 0;
  int retries = 0;
  bool queued = false;
};

/// Data thread only. server: a name that servers() has.
class LbControl {
 public:
  virtual ~LbControl() = default;
  virtual StatsRows rows() = 0;              // FRONTEND, servers, BACKEND, the statistics' own FRONTEND
  virtual std::vector<InfoField> info() = 0;
  virtual std::vector<ServerView> servers() = 0;
  virtual std::vector<SessionView> sessions() = 0;
  virtual std::vector<std::string> session_log() = 0;
  /// The text of `show errors`.
  virtual std::string errors() = 0;

  virtual void set_state(std::string_view server, AdminState state) = 0;
  enum class Health { up, stopping, down };
  virtual void set_health(std::string_view server, Health health) = 0;
  virtual void set_checked(std::string_view server, bool checked) = 0;
  virtual void set_weight(std::string_view server, unsigned weight) = 0;
  virtual void set_agent(std::string_view server, const AgentOrder& order) = 0;
  virtual void set_server_limit(std::string_view server, std::size_t most) = 0;
  virtual void set_frontend_limit(std::string_view frontend, std::size_t most) = 0;
  /// False: out of range.
  virtual bool set_global_limit(std::size_t most) = 0;
  /// Pauses it or opens it again; false when it was so already.
  virtual bool set_frontend_open(std::string_view frontend, bool open) = 0;
  /// False: none of that id.
  virtual bool kill_session(std::uint64_t id) = 0;
  virtual void kill_sessions(std::string_view server) = 0;
  virtual void clear_counters(bool all) = 0;
};

inline constexpr std::string_view kVersion = "2.6.12-chaoslab";    // the interfaces are those of HAProxy 2.6.12

}  // namespace chaos
