// The role postgres: the shop's primary database.
#include "postgres/schema.hpp"
#include "postgres/server.hpp"

namespace chaos {

namespace {

pg::ServerSettings server_settings(const v1::PostgresConfig& config) {
  return {station_settings(config.station()), config.max_connections()};
}

class PostgresRole final : public Role {
 public:
  explicit PostgresRole(NodeContext& ctx) : ctx_(ctx), server_(ctx, server_settings(config()), nullptr) {}

  awaitable<Result<void>> start() override {
    pg::ServerError error;
    const bool open = server_.open_database(ctx_.data_dir / "shop.db", error) &&
                      pg::make_schema(server_.engine().database->shared(), config().items(), error);
    if (!open) {
      ctx_.log.error("database_failed", {{"sqlstate", error.sqlstate}, {"message", error.message}});
      co_return Errc::invalid;
    }
    co_return server_.listen();
  }
  void reconfigure() override { server_.set(server_settings(config())); }
  awaitable<void> drain() override { return server_.drain(); }
  void report(v1::Report& out) override { server_.report(out); }

 private:
  const v1::PostgresConfig& config() const { return ctx_.desired().config().postgres(); }

  NodeContext& ctx_;
  pg::Server server_;
};

}  // namespace

std::unique_ptr<Role> make_postgres(NodeContext& ctx) { return std::make_unique<PostgresRole>(ctx); }

}  // namespace chaos
