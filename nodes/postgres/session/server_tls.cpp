#include "postgres/session/server_tls.hpp"

#include "postgres/base/sql_error.hpp"
#include "wire/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace chaos::pg {

namespace {

struct File {
  std::string name;               // as the setting has it
  std::filesystem::path path;
};

File file_of(const ServerConfig& config, std::string_view setting, const std::filesystem::path& data) {
  std::string name = config.value(setting).value_or("");
  std::filesystem::path path = data / name;       // an absolute one stays as it is
  return {std::move(name), std::move(path)};
}

bool refuse(ServerError& error, std::string message) {
  error = make_fatal("F0000", std::move(message));
  return false;
}

// 0600 or less of its own, 0640 or less of root's.
bool key_is_private(const File& key, ServerError& error) {
  const std::string quoted = "private key file \"" + key.name + "\"";
  struct stat found {};
  if (stat(key.path.c_str(), &found) != 0) return refuse(error, "could not access " + quoted + ": " + std::strerror(errno));
  if (!S_ISREG(found.st_mode)) return refuse(error, quoted + " is not a regular file");
  if (found.st_uid != geteuid() && found.st_uid != 0) return refuse(error, quoted + " must be owned by the database user or root");
  const mode_t others = found.st_uid == geteuid() ? S_IRWXG | S_IRWXO : S_IWGRP | S_IXGRP | S_IRWXO;
  if ((found.st_mode & others) == 0) return true;
  refuse(error, quoted + " has group or world access");
  error.detail = "File must have permissions u=rw (0600) or less if owned by the database user, or permissions u=rw,g=r (0640) or less if owned by root.";
  return false;
}

// Instead of OpenSSL's question on the terminal.
int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return 0;
}

bool load_files(SSL_CTX* context, const File& certificate, const File& key, ServerError& error) {
  bool asked = false;
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, certificate.path.c_str()) != 1) {
    return refuse(error, "could not load server certificate file \"" + certificate.name + "\": " + take_tls_error());
  }
  if (!key_is_private(key, error)) return false;
  const bool loaded = SSL_CTX_use_PrivateKey_file(context, key.path.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  if (asked) return refuse(error, "private key file \"" + key.name + "\" cannot be loaded because it requires a passphrase");
  if (!loaded) return refuse(error, "could not load private key file \"" + key.name + "\": " + take_tls_error());
  return SSL_CTX_check_private_key(context) == 1 || refuse(error, "check of private key failed: " + take_tls_error());
}

int version_number(const std::string& name) {
  return name == "TLSv1" ? TLS1_VERSION : name == "TLSv1.1" ? TLS1_1_VERSION : name == "TLSv1.2" ? TLS1_2_VERSION : name == "TLSv1.3" ? TLS1_3_VERSION : 0;
}

bool limit(SSL_CTX* context, const ServerConfig& config, ServerError& error) {
  const int least = version_number(config.value("ssl_min_protocol_version").value_or(""));
  const int most = version_number(config.value("ssl_max_protocol_version").value_or(""));
  if (most != 0 && most < least) {
    refuse(error, "could not set SSL protocol version range");
    error.detail = "\"ssl_min_protocol_version\" cannot be higher than \"ssl_max_protocol_version\".";
    return false;
  }
  if (SSL_CTX_set_min_proto_version(context, least) != 1) return refuse(error, "could not set minimum SSL protocol version");
  if (SSL_CTX_set_max_proto_version(context, most) != 1) return refuse(error, "could not set maximum SSL protocol version");
  const std::string ciphers = config.value("ssl_ciphers").value_or("");
  return SSL_CTX_set_cipher_list(context, ciphers.c_str()) == 1 || refuse(error, "could not set the cipher list (no valid ciphers available)");
}

}  // namespace

void read_tls_environment(ServerConfig& config) {
  const char* certificate = std::getenv("CHAOSLAB_POSTGRES_SSL_CERT");
  const char* key = std::getenv("CHAOSLAB_POSTGRES_SSL_KEY");
  if (certificate && *certificate) config.set_own("ssl_cert_file", std::filesystem::absolute(certificate).string());
  if (key && *key) config.set_own("ssl_key_file", std::filesystem::absolute(key).string());
  if ((certificate && *certificate) || (key && *key)) config.set_own("ssl", "on");
}

std::shared_ptr<ssl_ctx_st> load_tls(const ServerConfig& config, const std::filesystem::path& data, ServerError& error) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) {
    refuse(error, "could not create SSL context: " + take_tls_error());
    return nullptr;
  }
  // As in PostgreSQL: no tickets, no cache of sessions, no renegotiation, the server's order of ciphers.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  const File certificate = file_of(config, "ssl_cert_file", data), key = file_of(config, "ssl_key_file", data);
  return load_files(context.get(), certificate, key, error) && limit(context.get(), config, error) ? context : nullptr;
}

}  // namespace chaos::pg
