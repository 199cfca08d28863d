#include "wire/base64.hpp"
#include "wire/scram.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

// The exchange of RFC 7677, section 3; the client there names a user, which PostgreSQL's clients leave empty.
TEST(Scram, TheExampleOfTheRfc) {
  ScramServer server(scram_secret("pencil", *base64_decode("W22ZaJ0SNY7soEsUEjb6gQ==")), "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
  EXPECT_EQ(server.first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"),
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
  std::string proof;
  EXPECT_EQ(server.last("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", proof), ScramServer::Verdict::ok);
  EXPECT_EQ(proof, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

ScramServer::Verdict login(const std::string& given, const std::string& kept, bool& verified) {
  ScramServer server(scram_secret(kept, "salt of sixteen."), "server-nonce");
  ScramClient client(given, "client-nonce");
  const auto challenge = server.first(client.first());
  const auto answer = challenge ? client.last(*challenge) : std::nullopt;
  std::string proof;
  const auto verdict = answer ? server.last(*answer, proof) : ScramServer::Verdict::malformed;
  verified = client.verify(proof);
  return verdict;
}

TEST(Scram, BothSidesProveThatTheyKnowThePassword) {
  bool verified = false;
  EXPECT_EQ(login("secret", "secret", verified), ScramServer::Verdict::ok);
  EXPECT_TRUE(verified);
  EXPECT_EQ(login("guess", "secret", verified), ScramServer::Verdict::wrong);
  EXPECT_FALSE(verified);
}

TEST(Scram, MalformedMessagesAreRefused) {
  for (const char* first : {"", "n,", "p=tls-server-end-point,,n=,r=abc", "n,,r=abc", "n,,n=,r=", "x,,n=,r=abc"}) {
    ScramServer server(scram_secret("x", "salt", 1), "nonce");
    EXPECT_FALSE(server.first(first)) << first;
  }
  ScramServer server(scram_secret("x", "salt", 1), "nonce");
  ASSERT_TRUE(server.first("n,,n=,r=abc"));
  std::string proof;
  for (const char* last : {"", "c=biws,r=abcnonce", "c=biws,r=other,p=AAAA", "c=eSws,r=abcnonce,p=AAAA", "c=biws,r=abcnonce,p=###"}) {
    EXPECT_EQ(server.last(last, proof), ScramServer::Verdict::malformed) << last;
  }
  ScramClient client("x", "abc");
  for (const char* challenge : {"", "r=abc,s=c2FsdA==,i=1", "r=xyz1,s=c2FsdA==,i=1", "r=abc1,s=c2FsdA==,i=0", "r=abc1,s=c2FsdA==,i=100000000", "r=abc1,s=*,i=1"}) {
    EXPECT_FALSE(client.last(challenge)) << challenge;
  }
}

}  // namespace
}  // namespace chaos::pg
