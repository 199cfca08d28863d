#include "wire/base64.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(Base64, Rfc4648Section10) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(base64_encode(plain), coded);
    EXPECT_EQ(base64_decode(coded), plain);
  }
  EXPECT_EQ(base64url_encode("\xff\xff"), "__8");
  EXPECT_EQ(base64_decode("Zg"), "f") << "padding may be missing";
}

TEST(Base64, RefusesWhatItIsNot) {
  for (const char* text : {"!", "A", "Zg==x", "Zm 9v"}) EXPECT_FALSE(base64_decode(text)) << text;
}

}  // namespace
}  // namespace chaos
