#include "postgres/base/pg_time.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/session/server.hpp"
#include "postgres/session/server_tls.hpp"
#include "runtime/ports.hpp"

#include <fstream>
#include <sstream>

namespace chaos::pg {

namespace {

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(ServerConfig::kMaxFile, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return text;
}

}  // namespace

// What the node says of itself, and the file that ALTER SYSTEM wrote before the last start.
void Server::load_config() {
  ServerConfig& config = this->config();
  config.set_own("max_connections", std::to_string(settings_.max_connections));
  config.set_own("port", std::to_string(ports::kPostgres));
  config.set_own("listen_addresses", ctx_.address);
  config.set_own("cluster_name", ctx_.name);
  config.set_own("data_directory", std::filesystem::absolute(ctx_.data_dir).string());
  config.set_own("in_hot_standby", recovery_ ? "on" : "off");
  read_tls_environment(config);
  if (const int bad = config.read_file(read_text(config_file()))) ctx_.log.warn("configuration_lines_ignored", {{"file", "postgresql.auto.conf"}, {"lines", std::int64_t{bad}}});
  config.start(unix_now_us());
}

bool Server::load_certificate(ServerError& error) {
  const bool on = config().value("ssl") == "on";
  auto loaded = on ? load_tls(config(), ctx_.data_dir, error) : nullptr;
  if (on && !loaded) return false;
  certificate_ = std::move(loaded);
  return true;
}

void Server::set(ServerSettings settings) {
  settings_ = settings;
  config().set_own("max_connections", std::to_string(settings_.max_connections));
  engine_.station.set(settings.station);
}

bool Server::save_config(ServerError& error) {
  const std::filesystem::path file = config_file(), fresh = file.string() + ".tmp";
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out << config().file_text() << std::flush;
  std::error_code failed;
  if (out) std::filesystem::rename(fresh, file, failed);
  if (out && !failed) return true;
  config().read_file(read_text(file));
  error = make_error("58030", "could not write file \"postgresql.auto.conf\"");
  return false;
}

void Server::reload_config() {
  ServerConfig& config = this->config();
  std::map<std::string_view, std::string> before;
  for (const SettingRule& rule : setting_rules()) before[rule.name] = config.value(rule.name).value_or("");
  config.read_file(read_text(config_file()));
  config.reload(unix_now_us());
  ctx_.log.info("configuration_reloaded", {{"message", "received SIGHUP, reloading configuration files"}});
  for (const SettingRule& rule : setting_rules()) {
    const std::string now = config.value(rule.name).value_or(""), name(rule.name);
    if (now != before[rule.name]) ctx_.log.info("parameter_changed", {{"message", "parameter \"" + name + "\" changed to \"" + now + "\""}});
    if (config.pending_restart(rule)) ctx_.log.info("parameter_waits", {{"message", "parameter \"" + name + "\" cannot be changed without restarting the server"}});
  }
  ServerError error;
  if (!load_certificate(error)) ctx_.log.warn("ssl_not_reloaded", {{"message", error.message}, {"detail", "SSL configuration was not reloaded"}});
}

std::vector<Setting> Server::settings() const { return SessionSettings(config()).all(); }

}  // namespace chaos::pg
