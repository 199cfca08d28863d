// Both ends of TLS in memory: the channel, and OpenSSL as its client.
#include "wire/tls.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <gtest/gtest.h>

#include <array>

namespace chaos {
namespace {

using Context = std::shared_ptr<SSL_CTX>;

// A key and a certificate that it signs itself.
Context server_context() {
  const std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::shared_ptr<X509> certificate(X509_new(), X509_free);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  EXPECT_EQ(SSL_CTX_use_certificate(context.get(), certificate.get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context.get(), key.get()), 1);
  return context;
}

class Client {
 public:
  Client() : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(SSL_new(context_.get()), SSL_free) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_.get());
  }
  SSL* ssl() { return ssl_.get(); }
  void take(const std::string& bytes) { BIO_write(SSL_get_rbio(ssl()), bytes.data(), static_cast<int>(bytes.size())); }
  std::string output() {
    std::string bytes(BIO_ctrl_pending(SSL_get_wbio(ssl())), '\0');
    if (!bytes.empty()) BIO_read(SSL_get_wbio(ssl()), bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }
  std::string said(std::string_view plain) {
    EXPECT_EQ(SSL_write(ssl(), plain.data(), static_cast<int>(plain.size())), static_cast<int>(plain.size()));
    return output();
  }
  std::string heard() {
    std::string plain;
    std::array<char, 4096> part;
    for (int got = 0; (got = SSL_read(ssl(), part.data(), part.size())) > 0;) plain.append(part.data(), static_cast<std::size_t>(got));
    return plain;
  }

 private:
  Context context_;
  std::shared_ptr<SSL> ssl_;
};

struct Pair {
  TlsChannel channel{server_context()};
  Client client;
  std::string plain;

  // The client's bytes come one by one.
  bool shake_hands() {
    for (int turn = 0; turn < 4 && !(channel.ready() && SSL_is_init_finished(client.ssl())); ++turn) {
      SSL_do_handshake(client.ssl());
      for (const char c : client.output()) {
        if (!channel.feed(std::string_view(&c, 1), plain)) return false;
      }
      client.take(channel.take_output());
    }
    return channel.ready();
  }
};

TEST(Tls, CarriesBytesBothWaysHoweverTheyAreCut) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands()) << pair.channel.error();
  EXPECT_EQ(pair.plain, "");
  const std::string much(100'000, 'm'), said = pair.client.said(much);
  EXPECT_EQ(said.find("mmmm"), std::string::npos);
  for (std::size_t at = 0; at < said.size(); at += 777) ASSERT_TRUE(pair.channel.feed(std::string_view(said).substr(at, 777), pair.plain));
  EXPECT_EQ(pair.plain, much);
  ASSERT_TRUE(pair.channel.seal(much));
  pair.client.take(pair.channel.take_output());
  EXPECT_EQ(pair.client.heard(), much);
}

TEST(Tls, TellsWhatItIsEncryptedWith) {
  Pair pair;
  SSL_set_max_proto_version(pair.client.ssl(), TLS1_2_VERSION);
  SSL_set_cipher_list(pair.client.ssl(), "ECDHE-ECDSA-AES128-GCM-SHA256");
  ASSERT_TRUE(pair.shake_hands()) << pair.channel.error();
  EXPECT_EQ(pair.channel.facts().version, "TLSv1.2");
  EXPECT_EQ(pair.channel.facts().cipher, "ECDHE-ECDSA-AES128-GCM-SHA256");
  EXPECT_EQ(pair.channel.facts().bits, 128);
}

TEST(Tls, EitherSideEndsInGoodOrder) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands());
  std::string last = pair.client.said("last");
  SSL_shutdown(pair.client.ssl());
  last += pair.client.output();
  EXPECT_FALSE(pair.channel.feed(last, pair.plain));
  EXPECT_EQ(pair.plain, "last");
  EXPECT_TRUE(pair.channel.over());
  EXPECT_EQ(pair.channel.error(), "");
  pair.channel.finish();
  pair.client.take(pair.channel.take_output());
  EXPECT_EQ(pair.client.heard(), "");
  EXPECT_EQ(SSL_get_shutdown(pair.client.ssl()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
}

TEST(Tls, GarbageIsAnErrorAndTheLastThing) {
  TlsChannel channel(server_context());
  std::string plain;
  EXPECT_FALSE(channel.feed("this is no ClientHello at all", plain));
  EXPECT_EQ(channel.error(), "wrong version number");
  EXPECT_FALSE(channel.feed("more", plain));
  channel.finish();
  EXPECT_EQ(plain, "");
}

TEST(Tls, ARecordThatIsNoHandshakeIsAnsweredByAnAlert) {
  TlsChannel channel(server_context());
  std::string plain;
  EXPECT_FALSE(channel.feed(std::string("\x16\x03\x01\x00\x05hello", 10), plain));
  EXPECT_TRUE(channel.take_output().starts_with("\x15\x03"));
  EXPECT_NE(channel.error(), "");
}

TEST(Tls, ARecordThatWasChangedOnTheWayIsAnError) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands());
  std::string said = pair.client.said("select 1");
  said.back() = static_cast<char>(said.back() ^ 1);
  EXPECT_FALSE(pair.channel.feed(said, pair.plain));
  EXPECT_NE(pair.channel.error(), "");
  EXPECT_EQ(pair.plain, "");
}

TEST(Tls, ANewKeyIsAgreedOnWithTheNextThingSaid) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands());
  ASSERT_EQ(SSL_key_update(pair.client.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
  ASSERT_TRUE(pair.channel.feed(pair.client.said("a"), pair.plain)) << pair.channel.error();
  ASSERT_TRUE(pair.channel.seal("b"));
  pair.client.take(pair.channel.take_output());
  EXPECT_EQ(pair.client.heard(), "b");
  ASSERT_TRUE(pair.channel.feed(pair.client.said("c"), pair.plain));
  EXPECT_EQ(pair.plain, "ac");
}

// Each asks for an answer, none of which is ever taken.
TEST(Tls, WhatThePeerAsksForIsBounded) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands());
  int asked = 0;
  for (; asked < 100'000; ++asked) {
    SSL_key_update(pair.client.ssl(), SSL_KEY_UPDATE_REQUESTED);
    SSL_do_handshake(pair.client.ssl());
    if (!pair.channel.feed(pair.client.output(), pair.plain)) break;
  }
  EXPECT_LT(asked, 100'000);
  EXPECT_NE(pair.channel.error(), "");
  EXPECT_LT(pair.channel.take_output().size(), 70'000U);
}

}  // namespace
}  // namespace chaos
