// S3's actions on a store in a directory of its own.
#pragma once

#include "object_store/new_store.hpp"
#include "object_store/s3_object.hpp"
#include "object_store/s3_service.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

namespace chaos {

/// reopen() is what a restart after SIGKILL sees.
class S3Actions : public testing::Test {
 protected:
  S3Actions() {
    std::string pattern = (std::filesystem::temp_directory_path() / "s3-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    reopen();
    EXPECT_TRUE(store_->fill(3, 100, 1000));
  }
  ~S3Actions() override { std::filesystem::remove_all(root_); }

  std::size_t reopen() {
    store_ = std::make_unique<Store>(root_);
    service_ = std::make_unique<S3Service>(*store_);
    service_->set_limits({max_object_, 4 * max_object_, 3600});
    store_->cache().set_capacity(1 << 20);
    return store_->open().value();
  }

  S3Service::Answer send(const std::string& method, const std::string& target, std::string body = {}, Headers headers = {}, std::int64_t now_s = 2000) {
    HttpRequest request{method, target, std::move(headers), std::move(body), ""};
    s3::Request what;
    const auto bad = s3::parse_request({method, target, request.headers.get("x-amz-copy-source")}, what);
    if (bad != s3::Error::none) return bad;
    return service_->serve(what, request, now_s);
  }
  HttpResponse good(const std::string& method, const std::string& target, std::string body = {}, Headers headers = {}) {
    auto answer = send(method, target, std::move(body), std::move(headers));
    const auto* error = std::get_if<s3::Error>(&answer);
    EXPECT_FALSE(error) << method << " " << target << ": " << (error ? s3::describe(*error).code : "");
    return error ? HttpResponse{} : std::get<HttpResponse>(std::move(answer));
  }
  s3::Error bad(const std::string& method, const std::string& target, std::string body = {}, Headers headers = {}) {
    auto answer = send(method, target, std::move(body), std::move(headers));
    const auto* error = std::get_if<s3::Error>(&answer);
    return error ? *error : s3::Error::none;
  }
  static Headers with(std::string name, std::string value) {
    Headers headers;
    headers.add(std::move(name), std::move(value));
    return headers;
  }

  std::filesystem::path root_;
  std::uint64_t max_object_ = 1000;
  std::unique_ptr<Store> store_;
  std::unique_ptr<S3Service> service_;
};

}  // namespace chaos
