// The load balancer's figures as rows of HAProxy's statistics.
#pragma once

#include "lb/proxy.hpp"
#include "lb/stats.hpp"

namespace chaos {

/// Data thread only. Every figure is what happened in this process; what it does not measure stays empty.
class StatsView final : public LbControl {
 public:
  StatsView(NodeContext& ctx, Farm& farm, Proxy& proxy, BackendMetrics& metrics);

  std::vector<StatsRow> rows() override;
  std::vector<ServerState> servers() override;
  std::vector<std::pair<std::string, std::string>> info() override;
  bool set_state(std::string_view server, AdminState state) override { return farm_.set_admin(server, state); }

  /// GET / is a page, GET /;csv (and /stats;csv, as in HAProxy's examples) the CSV.
  HttpResponse page(const HttpRequest& request);

 private:
  StatsRow frontend_row();
  StatsRow backend_row();
  StatsRow server_row(Backend& backend);

  NodeContext& ctx_;
  Farm& farm_;
  Proxy& proxy_;
  BackendMetrics& metrics_;
  RealTime start_;
};

}  // namespace chaos
