#include "wire/scram.hpp"

#include "wire/base64.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <charconv>

namespace chaos::pg {

namespace {

constexpr std::size_t kDigest = 32;
constexpr std::size_t kMaxMessage = 4096;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(std::string_view key, std::string_view text) {
  std::string out(kDigest, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(text), text.size(), reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

std::string sha256(std::string_view text) {
  std::string out(kDigest, '\0');
  SHA256(raw(text), text.size(), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

std::string salted(std::string_view password, std::string_view salt, int iterations) {
  std::string out(kDigest, '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), raw(salt), static_cast<int>(salt.size()), iterations, EVP_sha256(),
                    static_cast<int>(kDigest), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

std::string exclusive_or(std::string a, std::string_view b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

bool same(std::string_view a, std::string_view b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

// "r=abc" at the front of a comma list: its value; the list goes on behind it.
std::optional<std::string_view> attribute(std::string_view& list, char name) {
  if (list.size() < 2 || list[0] != name || list[1] != '=') return std::nullopt;
  const std::size_t end = std::min(list.find(','), list.size());
  const std::string_view value = list.substr(2, end - 2);
  list.remove_prefix(std::min(end + 1, list.size()));
  return value;
}

}  // namespace

ScramSecret scram_secret(std::string_view password, std::string salt, int iterations) {
  const std::string key = salted(password, salt, iterations);
  return {std::move(salt), iterations, sha256(hmac(key, "Client Key")), hmac(key, "Server Key")};
}

std::optional<std::string> ScramServer::first(std::string_view message) {
  if (message.size() > kMaxMessage) return std::nullopt;
  const std::size_t bare = message.find(',', message.find(',') + 1);      // behind "n,,": flag, authorization name
  if (bare == std::string_view::npos || (message[0] != 'n' && message[0] != 'y') || message[1] != ',') return std::nullopt;
  header_ = base64_encode(message.substr(0, bare + 1));
  std::string_view list = message.substr(bare + 1);
  messages_ = std::string(list) + ",";
  if (!attribute(list, 'n')) return std::nullopt;      // the name counts in the startup packet alone
  const auto nonce = attribute(list, 'r');
  if (!nonce || nonce->empty()) return std::nullopt;
  nonce_ = std::string(*nonce) + nonce_;
  const std::string answer = "r=" + nonce_ + ",s=" + base64_encode(secret_.salt) + ",i=" + std::to_string(secret_.iterations);
  messages_ += answer + ",";
  return answer;
}

ScramServer::Verdict ScramServer::last(std::string_view message, std::string& server_final) {
  const std::size_t proof_at = message.rfind(",p=");
  if (message.size() > kMaxMessage || proof_at == std::string_view::npos) return Verdict::malformed;
  std::string_view list = message.substr(0, proof_at);
  const auto header = attribute(list, 'c');
  const auto nonce = attribute(list, 'r');
  const auto proof = base64_decode(message.substr(proof_at + 3));
  if (!header || *header != header_ || !nonce || *nonce != nonce_ || !proof || proof->size() != kDigest) return Verdict::malformed;
  messages_ += message.substr(0, proof_at);
  const std::string client_key = exclusive_or(*proof, hmac(secret_.stored_key, messages_));
  if (!same(sha256(client_key), secret_.stored_key)) return Verdict::wrong;
  server_final = "v=" + base64_encode(hmac(secret_.server_key, messages_));
  return Verdict::ok;
}

std::string ScramClient::first() const { return "n,,n=,r=" + nonce_; }

std::optional<std::string> ScramClient::last(std::string_view message) {
  std::string_view list = message;
  const auto nonce = attribute(list, 'r');
  const auto salt_text = attribute(list, 's');
  const auto count = attribute(list, 'i');
  if (message.size() > kMaxMessage || !nonce || !nonce->starts_with(nonce_) || nonce->size() == nonce_.size() || !salt_text || !count) return std::nullopt;
  const auto salt = base64_decode(*salt_text);
  int iterations = 0;
  const auto [end, ec] = std::from_chars(count->data(), count->data() + count->size(), iterations);
  if (!salt || ec != std::errc() || iterations < 1 || iterations > 100'000) return std::nullopt;
  const std::string bare = "c=biws,r=" + std::string(*nonce);
  const std::string messages = "n=,r=" + nonce_ + "," + std::string(message) + "," + bare;
  const std::string key = salted(password_, *salt, iterations), client_key = hmac(key, "Client Key");
  signature_ = hmac(hmac(key, "Server Key"), messages);
  return bare + ",p=" + base64_encode(exclusive_or(client_key, hmac(sha256(client_key), messages)));
}

bool ScramClient::verify(std::string_view server_final) const {
  if (!server_final.starts_with("v=")) return false;
  const auto signature = base64_decode(server_final.substr(2));
  return signature && !signature_.empty() && same(*signature, signature_);
}

}  // namespace chaos::pg
