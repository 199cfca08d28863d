#include "wire/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cstring>
#include <limits>

namespace chaos {

namespace {
constexpr std::size_t kMostUnasked = 64 * 1024;
constexpr std::size_t kRecord = 16 * 1024;      // RFC 8446, 5.1: plaintext of one record
}

std::string take_tls_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "no SSL error reported";
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "SSL error code " + std::to_string(code);
}

void TlsChannel::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }

TlsChannel::TlsChannel(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)), ssl_(SSL_new(context_.get())) {
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  if (!ssl_ || !in || !out) {
    BIO_free(in);
    BIO_free(out);
    throw std::bad_alloc();
  }
  SSL_set_bio(ssl_.get(), in, out);       // which frees them
  SSL_set_accept_state(ssl_.get());
}

TlsChannel::~TlsChannel() = default;

bool TlsChannel::ready() const { return SSL_is_init_finished(ssl_.get()) == 1; }

bool TlsChannel::fail(int result) {
  const int kind = SSL_get_error(ssl_.get(), result);
  if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) return true;
  over_ = true;
  if (kind != SSL_ERROR_ZERO_RETURN) error_ = take_tls_error();
  return false;
}

bool TlsChannel::handshake() {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl_.get());
  return done == 1 || fail(done);
}

bool TlsChannel::feed(std::string_view bytes, std::string& plain) {
  if (over_ || bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return false;
  BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
  if (!ready() && !handshake()) return false;
  std::array<char, kRecord> record;
  while (ready()) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), record.data(), static_cast<int>(record.size()));
    if (got <= 0 && !fail(got)) return false;
    if (got <= 0) break;
    plain.append(record.data(), static_cast<std::size_t>(got));
  }
  if (BIO_ctrl_pending(SSL_get_wbio(ssl_.get())) <= kMostUnasked) return true;
  over_ = true;
  error_ = "too much was asked for";
  return false;
}

bool TlsChannel::seal(std::string_view plain) {
  while (!plain.empty()) {
    const std::string_view part = plain.substr(0, kRecord);
    ERR_clear_error();
    if (SSL_write(ssl_.get(), part.data(), static_cast<int>(part.size())) != static_cast<int>(part.size())) {
      over_ = true;
      error_ = take_tls_error();
      return false;
    }
    plain.remove_prefix(part.size());
  }
  return true;
}

void TlsChannel::finish() {
  if (!ready() || !error_.empty()) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string TlsChannel::take_output() {
  BIO* const out = SSL_get_wbio(ssl_.get());
  std::string bytes(BIO_ctrl_pending(out), '\0');
  if (!bytes.empty()) BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

TlsFacts TlsChannel::facts() const {
  TlsFacts facts{SSL_get_version(ssl_.get()), SSL_get_cipher_name(ssl_.get()), 0};
  facts.bits = SSL_get_cipher_bits(ssl_.get(), nullptr);
  return facts;
}

}  // namespace chaos
