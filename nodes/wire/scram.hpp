// SCRAM-SHA-256 without channel binding, both sides. Pure: nonces come from outside.
// Source: RFC 5802, RFC 7677; PostgreSQL 15 documentation, 55.3 "SASL Authentication".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::pg {

/// What a server keeps of a password (pg_authid.rolpassword holds the same).
struct ScramSecret {
  std::string salt;
  int iterations = 4096;
  std::string stored_key;      // 32 bytes
  std::string server_key;
};
/// Takes a few milliseconds: once a password.
ScramSecret scram_secret(std::string_view password, std::string salt, int iterations = 4096);

/// One login on the server.
class ScramServer {
 public:
  ScramServer(ScramSecret secret, std::string nonce) : secret_(std::move(secret)), nonce_(std::move(nonce)) {}
  /// The answer to the client's first message; nullopt: malformed, or channel binding was demanded.
  std::optional<std::string> first(std::string_view client_first);
  enum class Verdict { ok, wrong, malformed };
  /// ok: `server_final` proves the server to the client.
  Verdict last(std::string_view client_final, std::string& server_final);

 private:
  ScramSecret secret_;
  std::string nonce_;          // the client's and ours, after first()
  std::string header_;         // gs2, in base64
  std::string messages_;       // what was said, to be signed
};

/// One login on the client.
class ScramClient {
 public:
  ScramClient(std::string password, std::string nonce) : password_(std::move(password)), nonce_(std::move(nonce)) {}
  std::string first() const;
  /// nullopt: the server's message is malformed, not for our nonce, or asks for more than 100,000 iterations.
  std::optional<std::string> last(std::string_view server_first);
  /// Whether the server knows the password too.
  bool verify(std::string_view server_final) const;

 private:
  std::string password_;
  std::string nonce_;
  std::string signature_;      // expected of the server
};

}  // namespace chaos::pg
