#include "wire/s3_documents.hpp"

#include "wire/s3_chunked.hpp"
#include "wire/s3_multipart.hpp"
#include "wire/s3_settings.hpp"
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
  Request request{.operation = Operation::list_objects_v2, .bucket = "static", .key = {}, .list = {}, .part = {}, .overrides = {}};
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
  Request request{.operation = Operation::list_objects, .bucket = "static", .key = {}, .list = {}, .part = {}, .overrides = {}};
  request.list.url_encoding = true;
  EXPECT_THAT(list_objects_document(request, {{}, {}, true, "a b"}), Not(HasSubstr("NextMarker")));     // the last key serves
  request.list.delimiter = "/";
  const auto document = list_objects_document(request, {{{"a b", 5, "\"e\"", 0}}, {}, true, "a b"});
  EXPECT_THAT(document, HasSubstr("<Key>a%20b</Key>"));
  EXPECT_THAT(document, HasSubstr("<NextMarker>a%20b</NextMarker>"));
  EXPECT_THAT(document, HasSubstr("<Owner><ID>owner</ID>"));
  EXPECT_THAT(document, Not(HasSubstr("KeyCount")));
}

TEST(S3Multipart, ACompletionNamesPartsAndTheirTags) {
  const auto parts = parse_complete("<CompleteMultipartUpload xmlns=\"x\"><Part><ETag>&quot;ab&quot;</ETag><PartNumber>1</PartNumber></Part>"
                                    "<Part><PartNumber>3</PartNumber><ETag>cd</ETag><ChecksumCRC32>x</ChecksumCRC32></Part></CompleteMultipartUpload>");
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].etag + std::to_string((*parts)[0].number), "ab1");
  EXPECT_EQ((*parts)[1].etag + std::to_string((*parts)[1].number), "cd3");
  for (const char* bad : {"", "<CompleteMultipartUpload/>", "<CompleteMultipartUpload><Part><ETag>x</ETag></Part></CompleteMultipartUpload>",
                          "<CompleteMultipartUpload><Part><PartNumber>0</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
                          "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>"}) {
    EXPECT_FALSE(parse_complete(bad)) << bad;
  }
}

TEST(S3Settings, AnswerAsWhereNothingWasConfigured) {
  EXPECT_EQ(find_setting("policy")->of_bucket, Error::no_such_bucket_policy);
  EXPECT_EQ(find_setting("nothing"), nullptr);
  EXPECT_THAT(setting_document(*find_setting("acl")), HasSubstr("<Permission>FULL_CONTROL</Permission>"));
  EXPECT_THAT(setting_document(*find_setting("versioning")), HasSubstr("<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></VersioningConfiguration>"));
  EXPECT_TRUE(is_default_acl(setting_document(*find_setting("acl"))));
  EXPECT_FALSE(is_default_acl("<AccessControlPolicy><AccessControlList><Grant><Grantee><URI>all</URI></Grantee></Grant></AccessControlList></AccessControlPolicy>"));
  EXPECT_FALSE(is_default_acl("no"));
}

std::optional<std::string> plain(std::string_view body) {
  const auto chunked = read_chunked(body);
  return chunked ? std::optional(chunked->plain()) : std::nullopt;
}

TEST(S3Chunked, TakesTheChunksApart) {
  EXPECT_EQ(plain("5;chunk-signature=abc\r\nhello\r\n3;chunk-signature=d\r\n wo\r\n0;chunk-signature=e\r\n\r\n"), "hello wo");
  const auto with_trailer = read_chunked("0\r\nX-Amz-Checksum-Crc32: AAAAAA==\r\n\r\n");
  ASSERT_TRUE(with_trailer);
  EXPECT_EQ(with_trailer->plain(), "");
  EXPECT_EQ(with_trailer->trailer("x-amz-checksum-crc32"), "AAAAAA==");
}

TEST(S3Chunked, RefusesBrokenBodies) {
  for (const char* bad : {"", "5\r\nhel", "5\r\nhelloXX0\r\n\r\n", "zz\r\n", "5\r\nhello\r\n", "ffffffffffffffff\r\nx\r\n", "-1\r\n", "0\r\nno field\r\n"}) {
    EXPECT_EQ(plain(bad), std::nullopt) << bad;
  }
  EXPECT_TRUE(is_chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"));
  EXPECT_FALSE(is_chunked("UNSIGNED-PAYLOAD"));
  EXPECT_FALSE(is_chunked(std::nullopt));
}

}  // namespace
}  // namespace chaos::s3
