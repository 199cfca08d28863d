#include "object_store/object_file.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chaos {
namespace {

TEST(Digests, AgreeWithTheirSpecifications) {
  EXPECT_EQ(to_hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");                  // RFC 1321, A.5
  EXPECT_EQ(to_etag(md5("")), "\"d41d8cd98f00b204e9800998ecf8427e\"");
  EXPECT_EQ(to_base64(md5("abc")), "kAFQmDzST7DWlj99KOF/cg==");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");   // FIPS 180-2
  Md5 digest{};
  EXPECT_TRUE(from_hex("900150983cd24fb0d6963f7d28e17f72", digest));
  EXPECT_EQ(digest, md5("abc"));
  EXPECT_FALSE(from_hex("900150983cd24fb0d6963f7d28e17f7", digest));
  EXPECT_FALSE(from_hex("-00150983cd24fb0d6963f7d28e17f72", digest));
}

TEST(ObjectHead, WhatIsWrittenIsRead) {
  const ObjectHead head{"a b/\xC3\xA4\n", {3, md5("abc"), 1700000000}, {{"Content-Type", "text/plain"}, {"x-amz-meta-k", ""}}};
  const std::string bytes = head.write() + "abc";
  std::size_t end = 0;
  const auto read = ObjectHead::parse(bytes, end);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->key, head.key);
  EXPECT_EQ(read->meta.size, 3u);
  EXPECT_EQ(read->meta.digest, md5("abc"));
  EXPECT_EQ(read->meta.modified_s, 1700000000);
  EXPECT_EQ(read->headers, head.headers);
  EXPECT_EQ(bytes.substr(end), "abc");
}

TEST(ObjectHead, RefusesEveryCut) {
  const std::string whole = ObjectHead{"key", {3, md5("abc"), 1}, {{"A", "b"}}, "upload7"}.write();
  std::size_t end = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(ObjectHead::parse(whole.substr(0, size), end)) << size;
  const auto read = ObjectHead::parse(whole, end);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->upload, "upload7");
}

TEST(ObjectHead, RefusesWhatItDoesNotKnow) {
  std::size_t end = 0;
  for (const char* bad : {"", "\n", "chaos-object 2\nkey a\n\n", "chaos-object 1\n\n", "chaos-object 1\nkey \n\n",
                          "chaos-object 1\nkey a\nsize x\n\n", "chaos-object 1\nkey a\nheader A\n\n", "chaos-object 1\nkey a\nwhat 1\n\n"}) {
    EXPECT_FALSE(ObjectHead::parse(bad, end)) << bad;
  }
}

TEST(ObjectFileName, StaysInItsDirectory) {
  for (const char* key : {".", "..", "../../etc/passwd", "/abs", "a/../b", ".hidden", "a\\b", "%2e%2e%2f"}) {
    const auto name = object_file_name(key);
    EXPECT_EQ(name.find('/'), std::string::npos) << key;
    EXPECT_NE(name.front(), '.') << key;
  }
  EXPECT_EQ(object_file_name("17"), "17");
  EXPECT_EQ(object_file_name("a/b.txt"), "a%2fb.txt");
}

TEST(ObjectFileName, DiffersForDifferentKeysHoweverLong) {
  std::set<std::string> names;
  const std::string front(1000, 'k');
  for (const auto& key : {front + "1", front + "2", front, std::string("a/b"), std::string("a%2fb"), std::string("a%2Fb")}) {
    const auto name = object_file_name(key);
    EXPECT_LE(name.size(), 200u);
    EXPECT_TRUE(names.insert(name).second) << key;
  }
}

}  // namespace
}  // namespace chaos
