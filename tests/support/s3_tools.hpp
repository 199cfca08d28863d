// S3's own clients against one object store: the command lines that s3cmd, aws and rclone need besides their arguments.
#pragma once

#include "support/process.hpp"

namespace chaos::test {

class S3Tools {
 public:
  /// address: of the store, without its port. The keys are sent whether or not the store looks at them.
  explicit S3Tools(std::string address, std::string access_key = "AKIDLAB", std::string secret_key = "secret/of+the=lab");

  Output s3cmd(const std::string& arguments) const;
  /// aws ARGUMENTS; in a region where presigned URLs are of Signature Version 4.
  Output aws(const std::string& arguments) const;
  /// rclone ARGUMENTS; the store is the remote "lab:".
  Output rclone(const std::string& arguments) const;
  Output curl(const std::string& arguments, const std::string& path) const;
  std::string url(const std::string& path) const { return "http://" + host_ + path; }
  /// An object store's configuration with these keys, to be completed by its other fields.
  std::string keys_json() const { return R"("access_key":")" + access_ + R"(","secret_key":")" + secret_ + R"(")"; }

 private:
  std::string host_;
  std::string access_;
  std::string secret_;
  TempDir home_;      // no client reads the configuration of whoever runs the test
};

/// `bytes` bytes that differ along their way, in a file.
void write_file(const std::filesystem::path& path, std::size_t bytes);

}  // namespace chaos::test
