// The load balancer's figures and switches: what the statistics and the runtime API show and change.
#pragma once

#include "lb/control.hpp"
#include "lb/proxy.hpp"

namespace chaos {

/// A frontend and where it listens.
struct Gate {
  Frontend& frontend;
  HttpServer& server;
  unsigned short port;
};

/// Data thread only. Every figure is what happened in this process; what it does not measure stays empty, and what this
/// load balancer never does (denied requests, compression, TLS) is 0, as in a HAProxy that is not told to do it.
class Console final : public LbControl {
 public:
  Console(NodeContext& ctx, Farm& farm, Proxy& proxy, BackendMetrics& metrics, Gate gate, Gate stats_gate);

  StatsRows rows() override;
  std::vector<InfoField> info() override;
  std::vector<ServerView> servers() override;
  std::vector<SessionView> sessions() override;
  std::vector<std::string> session_log() override;
  std::string errors() override;

  void set_state(std::string_view server, AdminState state) override;
  void set_health(std::string_view server, Health health) override;
  void set_checked(std::string_view server, bool checked) override;
  void set_weight(std::string_view server, unsigned weight) override;
  void set_agent(std::string_view server, const AgentOrder& order) override;
  void set_server_limit(std::string_view server, std::size_t most) override;
  void set_frontend_limit(std::string_view frontend, std::size_t most) override;
  bool set_global_limit(std::size_t most) override;
  bool set_frontend_open(std::string_view frontend, bool open) override;
  bool kill_session(std::uint64_t id) override;
  void kill_sessions(std::string_view server) override;
  void clear_counters(bool all) override;

  /// After the config changed: the frontend's limit, unless it is as before (the runtime API may have set another since).
  void follow();
  /// GET / is the page; /;csv, /;json and /;typed the same as data; ";up" leaves out what is down, ";norefresh" keeps the
  /// page still. The prefixes /stats and /haproxy?stats do as well.
  HttpResponse page(const HttpRequest& request);
  void cli_opened() { ++cli_sessions_; }
  void cli_closed() { --cli_sessions_; }

 private:
  StatsRow frontend_row(const Gate& gate);
  StatsRow backend_row();
  StatsRow server_row(Backend& backend);
  std::size_t connections() const { return gate_.frontend.sessions + stats_gate_.frontend.sessions + cli_sessions_; }
  Gate* find(std::string_view frontend);
  void hold();

  NodeContext& ctx_;
  Farm& farm_;
  Proxy& proxy_;
  BackendMetrics& metrics_;
  Gate gate_;
  Gate stats_gate_;
  RealTime start_;
  std::size_t configured_limit_ = 0;
  std::size_t global_limit_ = 0;
  std::size_t cli_sessions_ = 0;
};

/// "0d 0h01m07s".
std::string uptime_text(std::uint64_t seconds);

}  // namespace chaos
