#include "support/s3_tools.hpp"

#include <fstream>

namespace chaos::test {

S3Tools::S3Tools(std::string address, std::string access_key, std::string secret_key)
    : host_(std::move(address) + ":9000"), access_(std::move(access_key)), secret_(std::move(secret_key)) {
  std::ofstream(home_.path() / "aws") << "[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n";
  std::ofstream(home_.path() / "rclone.conf") << "";      // one that is missing is told each time
}

Output S3Tools::s3cmd(const std::string& arguments) const {
  return sh("s3cmd --no-ssl --config=/dev/null --no-progress --multipart-chunk-size-mb=5 --access_key=" + access_ + " --secret_key=" + secret_ + " --host=" + host_ +
            " --host-bucket=" + host_ + " " + arguments);
}

Output S3Tools::aws(const std::string& arguments) const {
  return sh("AWS_CONFIG_FILE=" + (home_.path() / "aws").string() + " AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_PAGER= AWS_DEFAULT_REGION=eu-central-1 AWS_ACCESS_KEY_ID=" +
            access_ + " AWS_SECRET_ACCESS_KEY=" + secret_ + " aws --endpoint-url http://" + host_ + " " + arguments, 60);
}

Output S3Tools::rclone(const std::string& arguments) const {
  return sh("env -u AWS_CA_BUNDLE RCLONE_CONFIG=" + (home_.path() / "rclone.conf").string() +
            " RCLONE_CONFIG_LAB_TYPE=s3 RCLONE_CONFIG_LAB_PROVIDER=Other RCLONE_CONFIG_LAB_REGION=us-east-1 RCLONE_CONFIG_LAB_ENDPOINT=http://" + host_ +
            " RCLONE_CONFIG_LAB_ACCESS_KEY_ID=" + access_ + " RCLONE_CONFIG_LAB_SECRET_ACCESS_KEY=" + secret_ +
            " rclone --retries 1 --low-level-retries 1 --s3-upload-cutoff 5Mi --s3-chunk-size 5Mi " + arguments);
}

Output S3Tools::curl(const std::string& arguments, const std::string& path) const { return sh("curl -s " + arguments + " '" + url(path) + "'"); }

void write_file(const std::filesystem::path& path, std::size_t bytes) {
  std::ofstream out(path, std::ios::binary);
  for (std::size_t at = 0; at < bytes; at += 16) out << (std::to_string(at) + "................").substr(0, std::min<std::size_t>(16, bytes - at));
}

}  // namespace chaos::test
