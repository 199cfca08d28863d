// The certificate and the key with which a server encrypts its connections. A thin shell around OpenSSL's loaders.
// Source: PostgreSQL 15 documentation, 20.3.3 "SSL", 19.9 "Secure TCP/IP Connections with SSL".
#pragma once

#include "postgres/state/server_config.hpp"

#include <filesystem>
#include <memory>

struct ssl_ctx_st;

namespace chaos::pg {

/// Takes over CHAOSLAB_POSTGRES_SSL_CERT and CHAOSLAB_POSTGRES_SSL_KEY of the process's environment, the files' paths, as
/// ssl_cert_file and ssl_key_file: with either of them ssl is on.
void read_tls_environment(ServerConfig& config);

/// As the settings that begin with ssl say; relative paths begin in `data`. Null: `error` says why in PostgreSQL's words
/// (F0000), among it when others than its owner may read the key.
std::shared_ptr<ssl_ctx_st> load_tls(const ServerConfig& config, const std::filesystem::path& data, ServerError& error);

}  // namespace chaos::pg
