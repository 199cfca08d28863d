// TLS as a server speaks it, bytes in and bytes out; OpenSSL's record layer and handshake, no socket.
// Source: RFC 8446 (TLS 1.3), RFC 5246 (TLS 1.2); OpenSSL 3.0, ssl(7) and BIO_s_mem(3).
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace chaos {

/// What a connection is encrypted with: "TLSv1.3", "TLS_AES_256_GCM_SHA384", 256.
struct TlsFacts {
  std::string version;
  std::string cipher;
  int bits = 0;
};

/// The server's end of one connection. Every byte that the peer sends goes through feed(); every byte that take_output() gives
/// goes to the peer, in that order. Of what it keeps for the peer at most 64 KB were not asked for by seal(); more is an error.
class TlsChannel {
 public:
  /// context: with a certificate and its key; kept alive.
  explicit TlsChannel(std::shared_ptr<ssl_ctx_st> context);
  ~TlsChannel();

  /// Appends what the bytes say to `plain`. False: nothing further comes, see over() and error().
  bool feed(std::string_view bytes, std::string& plain);
  /// The handshake is complete: from now on seal() may be called.
  bool ready() const;
  /// The peer has said that it is done, or broke the protocol.
  bool over() const { return over_; }
  /// In OpenSSL's words; empty: the peer ended in good order.
  const std::string& error() const { return error_; }

  /// Encrypts; false: the channel is broken.
  bool seal(std::string_view plain);
  /// Says that nothing further comes (close_notify).
  void finish();
  std::string take_output();
  /// Once it is ready().
  TlsFacts facts() const;

 private:
  bool handshake();
  bool fail(int result);

  struct Free { void operator()(ssl_st* ssl) const; };
  std::shared_ptr<ssl_ctx_st> context_;
  std::unique_ptr<ssl_st, Free> ssl_;
  std::string error_;
  bool over_ = false;
};

/// The oldest error that OpenSSL has for this thread, as a sentence; the others are forgotten.
std::string take_tls_error();

}  // namespace chaos
