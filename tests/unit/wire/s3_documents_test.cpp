#include "wire/s3_documents.hpp"

#include "wire/s3_chunked.hpp"
#include "wire/s3_xml.hpp"

#include <gmock/gmock.h>

namespace chaos::s3 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const std::vector<XmlElement>& elements, std::string_view path) {
  for (const auto& element : elements) {
    if (element.path == path) return element.text;
  }
  return "(none)";
}

TEST(S3Xml, WhatIsWrittenCanBeRead) {
  XmlWriter xml;
  xml.open_root("A").leaf("B", "x<&>\"\x01").leaf("C", std::uint64_t{7}).close("A");
  const auto elements = parse_xml(xml.take(), 10);
  ASSERT_TRUE(elements);
  EXPECT_THAT(*elements, ElementsAre(XmlElement{"A/B", "x<&>\"\x01"}, XmlElement{"A/C", "7"}, XmlElement{"A", ""}));
}

TEST(S3Xml, RefusesWhatIsNotWellFormed) {
  for (const char* bad : {"", "text", "<a>", "<a></b>", "</a>", "<a>&nope;</a>", "<a>&#0;</a>", "<a/><b/>", "<a><b></a></b>",
                          "<!DOCTYPE a [<!ENTITY x \"y\">]><a/>", "<a", "<a>&#xD800;</a>", "<>x</>"}) {
    EXPECT_EQ(parse_xml(bad, 10), std::nullopt) << bad;
  }
  EXPECT_EQ(parse_xml("<a><b/><b/></a>", 2), std::nullopt);
  EXPECT_EQ(parse_xml("<a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a>", 20), std::nullopt);
}

TEST(S3Xml, ReadsReferencesAndPassesOverTheRest) {
  const auto elements = parse_xml("<?xml version=\"1.0\"?>\n<!-- c --><a x=\"1\"><b>&#xE4;&#65;</b></a>\n", 10);
  ASSERT_TRUE(elements);
  EXPECT_EQ(text_of(*elements, "a/b"), "\xC3\xA4""A");
}

TEST(S3Delete, KeysAndQuiet) {
  const auto request = parse_delete("<Delete><Quiet>true</Quiet><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key></Object></Delete>");
  ASSERT_TRUE(request);
  EXPECT_THAT(request->keys, ElementsAre("a&b", "c"));
  EXPECT_TRUE(request->quiet);
  EXPECT_FALSE(parse_delete("<Delete></Delete>"));
  EXPECT_FALSE(parse_delete("{}"));
}

TEST(S3Delete, AtMost1000Keys) {
  std::string body = "<Delete>";
  for (int i = 0; i < 1001; ++i) body += "<Object><Key>k</Key></Object>";
  EXPECT_FALSE(parse_delete(body + "</Delete>"));
}

TEST(S3Listing, V2CarriesCountAndContinuation) {
  Request request{.operation = Operation::list_objects_v2, .bucket = "static", .key = {}, .list = {}};
  request.list.delimiter = "/";
  const Listing page{{{"a b", 5, "\"e\"", 0}}, {"d/"}, true, "d/"};
  const auto document = list_objects_document(request, page);
  EXPECT_THAT(document, HasSubstr("<KeyCount>2</KeyCount>"));
  EXPECT_THAT(document, HasSubstr("<NextContinuationToken>" + make_token("d/") + "</NextContinuationToken>"));
  EXPECT_THAT(document, HasSubstr("<Key>a b</Key><LastModified>1970-01-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>5</Size>"));
  EXPECT_THAT(document, HasSubstr("<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>"));
  EXPECT_EQ(after_token(make_token("d/")), "d/");
}

TEST(S3Listing, V1CarriesMarkersAndEncodesWhenAsked) {
  Request request{.operation = Operation::list_objects, .bucket = "static", .key = {}, .list = {}};
  request.list.url_encoding = true;
  const auto document = list_objects_document(request, {{{"a b", 5, "\"e\"", 0}}, {}, true, "a b"});
  EXPECT_THAT(document, HasSubstr("<Key>a%20b</Key>"));
  EXPECT_THAT(document, HasSubstr("<NextMarker>a%20b</NextMarker>"));
  EXPECT_THAT(document, Not(HasSubstr("KeyCount")));
}

TEST(S3Chunked, TakesTheChunksApart) {
  EXPECT_EQ(decode_chunked("5;chunk-signature=abc\r\nhello\r\n3;chunk-signature=d\r\n wo\r\n0;chunk-signature=e\r\n\r\n"), "hello wo");
  EXPECT_EQ(decode_chunked("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"), "");
}

TEST(S3Chunked, RefusesBrokenBodies) {
  for (const char* bad : {"", "5\r\nhel", "5\r\nhelloXX0\r\n\r\n", "zz\r\n", "5\r\nhello\r\n", "ffffffffffffffff\r\nx\r\n", "-1\r\n"}) {
    EXPECT_EQ(decode_chunked(bad), std::nullopt) << bad;
  }
  EXPECT_TRUE(is_chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"));
  EXPECT_FALSE(is_chunked("UNSIGNED-PAYLOAD"));
  EXPECT_FALSE(is_chunked(std::nullopt));
}

}  // namespace
}  // namespace chaos::s3
