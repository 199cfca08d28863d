#include "s3_fixture.hpp"

namespace chaos {
namespace {

using testing::HasSubstr;
using testing::Not;

class S3Uploads : public S3Actions {
 protected:
  S3Uploads() {
    max_object_ = 16 << 20;
    reopen();
  }
  std::string begin(const std::string& target) {
    const std::string document = good("POST", target + "?uploads", {}, with("x-amz-meta-color", "blue")).body;
    const auto from = document.find("<UploadId>") + 10;
    return document.substr(from, document.find("</UploadId>") - from);
  }
  HttpResponse part(const std::string& id, int number, const std::string& body) {
    return good("PUT", "/receipts/big?partNumber=" + std::to_string(number) + "&uploadId=" + id, body);
  }
  static std::string list_of(std::vector<std::pair<int, std::string>> parts) {
    std::string xml = "<CompleteMultipartUpload>";
    for (const auto& [number, body] : parts) {
      xml += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + to_etag(md5(body)) + "</ETag></Part>";
    }
    return xml + "</CompleteMultipartUpload>";
  }
  const std::string five_ = std::string(kMinPart, 'a');
};

TEST_F(S3Uploads, PartsBecomeOneObject) {
  const auto id = begin("/receipts/big");
  EXPECT_EQ(part(id, 2, "the end").headers.get("ETag"), to_etag(md5("the end")));
  part(id, 1, five_);
  EXPECT_EQ(bad("GET", "/receipts/big"), s3::Error::no_such_key);
  EXPECT_THAT(good("GET", "/receipts/big?uploadId=" + id).body, HasSubstr("<PartNumber>2</PartNumber>"));
  EXPECT_THAT(good("GET", "/receipts?uploads").body, HasSubstr("<UploadId>" + id + "</UploadId>"));
  const auto done = good("POST", "/receipts/big?uploadId=" + id, list_of({{1, five_}, {2, "the end"}}));
  const Md5 first = md5(five_);
  const Md5 second = md5("the end");
  const std::string digests = std::string(first.begin(), first.end()) + std::string(second.begin(), second.end());
  const std::string etag = to_etag(md5(digests), 2);
  EXPECT_THAT(etag, testing::EndsWith("-2\""));
  reopen();
  const auto object = good("GET", "/receipts/big");
  EXPECT_EQ(object.body, five_ + "the end");
  EXPECT_EQ(object.headers.get("ETag"), etag);
  EXPECT_EQ(object.headers.get("x-amz-meta-color"), "blue");
  EXPECT_THAT(good("GET", "/receipts?uploads").body, Not(HasSubstr("<Upload>")));
  EXPECT_EQ(store_->uploads().bytes(), 0u);
}

TEST_F(S3Uploads, AnUploadSurvivesARestartAndCutPartsDoNot) {
  const auto id = begin("/receipts/big");
  part(id, 1, "kept");
  std::ofstream(root_ / "uploads" / id / "2.new") << "half";
  std::ofstream(root_ / "uploads" / id / "3") << "not a part";
  std::filesystem::create_directory(root_ / "uploads" / "orphan");
  reopen();
  EXPECT_FALSE(std::filesystem::exists(root_ / "uploads" / id / "2.new"));
  EXPECT_FALSE(std::filesystem::exists(root_ / "uploads" / id / "3"));
  EXPECT_FALSE(std::filesystem::exists(root_ / "uploads" / "orphan"));
  good("POST", "/receipts/big?uploadId=" + id, list_of({{1, "kept"}}));
  EXPECT_EQ(good("GET", "/receipts/big").body, "kept");
}

TEST_F(S3Uploads, ACompletionThatIsRepeatedIsAnsweredAsTheFirstWhileTheObjectIsItsOwn) {
  const auto id = begin("/receipts/big");
  part(id, 1, five_);
  part(id, 2, "end");
  const std::string target = "/receipts/big?uploadId=" + id, parts = list_of({{1, five_}, {2, "end"}});
  const std::string first = good("POST", target, parts).body;
  EXPECT_EQ(good("POST", target, parts).body, first);
  EXPECT_EQ(good("GET", "/receipts/big").headers.get("x-amz-meta-color"), "blue");
  reopen();
  EXPECT_EQ(good("POST", target, parts).body, first) << "a restart forgets nothing";
  EXPECT_EQ(bad("POST", target, list_of({{1, five_}})), s3::Error::no_such_upload) << "other parts";
  EXPECT_EQ(bad("POST", target, list_of({{1, five_}, {2, "END"}})), s3::Error::no_such_upload);
  EXPECT_EQ(bad("POST", target, "<oops>"), s3::Error::malformed_xml);
  EXPECT_EQ(bad("PUT", target + "&partNumber=1", "more"), s3::Error::no_such_upload) << "only the completion";
  EXPECT_EQ(bad("POST", "/receipts/big?uploadId=abc", parts), s3::Error::no_such_upload);
  EXPECT_EQ(bad("POST", "/receipts/other?uploadId=" + id, parts), s3::Error::no_such_upload);
  good("PUT", "/receipts/copy", {}, with("x-amz-copy-source", "/receipts/big"));
  EXPECT_EQ(bad("POST", "/receipts/copy?uploadId=" + id, parts), s3::Error::no_such_upload);
  good("PUT", "/receipts/big", "overwritten");
  EXPECT_EQ(bad("POST", target, parts), s3::Error::no_such_upload);
  EXPECT_EQ(good("GET", "/receipts/big").body, "overwritten");
}

TEST_F(S3Uploads, ACompletionIsChecked) {
  const auto id = begin("/receipts/big");
  part(id, 1, "small");
  part(id, 2, "end");
  const std::string target = "/receipts/big?uploadId=" + id;
  EXPECT_EQ(bad("POST", target, list_of({{1, "small"}, {2, "end"}})), s3::Error::entity_too_small);
  EXPECT_EQ(bad("POST", target, list_of({{2, "end"}, {1, "small"}})), s3::Error::invalid_part_order);
  EXPECT_EQ(bad("POST", target, list_of({{1, "other"}})), s3::Error::invalid_part);
  EXPECT_EQ(bad("POST", target, list_of({{3, "end"}})), s3::Error::invalid_part);
  EXPECT_EQ(bad("POST", target, "nonsense"), s3::Error::malformed_xml);
  EXPECT_EQ(bad("POST", "/receipts/other?uploadId=" + id, list_of({{1, "small"}})), s3::Error::no_such_upload);
  EXPECT_EQ(bad("POST", "/receipts/big?uploadId=..", list_of({{1, "small"}})), s3::Error::no_such_upload);
}

TEST_F(S3Uploads, TheWholeAndThePartsOnDiskAreBounded) {
  const auto id = begin("/receipts/big");
  for (int i = 1; i <= 4; ++i) part(id, i, five_);
  EXPECT_EQ(bad("POST", "/receipts/big?uploadId=" + id, list_of({{1, five_}, {2, five_}, {3, five_}, {4, five_}})), s3::Error::entity_too_large);
  service_->set_limits({max_object_, 4 * kMinPart, 3600});
  EXPECT_EQ(bad("PUT", "/receipts/big?partNumber=5&uploadId=" + id, "x"), s3::Error::service_unavailable);
}

TEST_F(S3Uploads, AbortedAndExpiredOnesLeaveNothing) {
  const auto aborted = begin("/receipts/big");
  part(aborted, 1, "x");
  EXPECT_EQ(good("DELETE", "/receipts/big?uploadId=" + aborted).status, 204u);
  EXPECT_EQ(bad("DELETE", "/receipts/big?uploadId=" + aborted), s3::Error::no_such_upload);
  const auto old = begin("/receipts/big");
  EXPECT_EQ(service_->expire_uploads(2000 + 3600), 0u);
  EXPECT_EQ(service_->expire_uploads(2000 + 3601), 1u);
  EXPECT_TRUE(std::filesystem::is_empty(root_ / "uploads"));
}

TEST_F(S3Uploads, PartsAreCopiedFromObjects) {
  const auto id = begin("/receipts/big");
  Headers source = with("x-amz-copy-source", "/static/1");
  source.add("x-amz-copy-source-range", "bytes=10-19");
  const std::string target = "/receipts/big?partNumber=1&uploadId=" + id;
  EXPECT_THAT(good("PUT", target, {}, source).body, HasSubstr("<CopyPartResult"));
  good("POST", "/receipts/big?uploadId=" + id, list_of({{1, static_content(1, 100).substr(10, 10)}}));
  EXPECT_EQ(good("GET", "/receipts/big").body, static_content(1, 100).substr(10, 10));
  source.set("x-amz-copy-source-range", "bytes=10-100");
  EXPECT_EQ(bad("PUT", "/receipts/big?partNumber=1&uploadId=" + begin("/receipts/big"), {}, source), s3::Error::invalid_range);
}

TEST_F(S3Uploads, ListsComeInPages) {
  const auto id = begin("/receipts/big");
  for (int i = 1; i <= 3; ++i) part(id, i, "x");
  const auto page = good("GET", "/receipts/big?uploadId=" + id + "&max-parts=2").body;
  EXPECT_THAT(page, HasSubstr("<NextPartNumberMarker>2</NextPartNumberMarker>"));
  EXPECT_THAT(page, HasSubstr("<IsTruncated>true</IsTruncated>"));
  const auto rest = good("GET", "/receipts/big?uploadId=" + id + "&part-number-marker=2").body;
  EXPECT_THAT(rest, HasSubstr("<PartNumber>3</PartNumber>"));
  EXPECT_THAT(rest, Not(HasSubstr("<PartNumber>2</PartNumber>")));
  begin("/receipts/a");
  const auto uploads = good("GET", "/receipts?uploads&max-uploads=1").body;
  EXPECT_THAT(uploads, HasSubstr("<NextKeyMarker>a</NextKeyMarker>"));
  EXPECT_THAT(good("GET", "/receipts?uploads&key-marker=a").body, HasSubstr("<Key>big</Key>"));
  EXPECT_THAT(good("GET", "/receipts?uploads&key-marker=a").body, Not(HasSubstr("<Key>a</Key>")));
}

TEST_F(S3Uploads, ABucketTakesItsUploadsWithIt) {
  begin("/receipts/big");
  EXPECT_EQ(good("DELETE", "/receipts").status, 204u);
  EXPECT_EQ(store_->uploads().size(), 0u);
}

}  // namespace
}  // namespace chaos
