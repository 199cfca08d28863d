#include "upstream/s3_sign.hpp"

#include <chrono>

namespace chaos {

void sign_for_store(HttpRequest& request, const std::string& host, const s3::Credentials& keys) {
  if (keys.access_key.empty()) return;
  if (!request.headers.has("Host")) request.headers.add("Host", host);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  const s3::Fields fields(request.headers.begin(), request.headers.end());
  for (auto& [name, value] : s3::sign({request.method, request.target, fields, request.body.size()}, request.body, keys, now.count())) {
    request.headers.set(name, value);
  }
}

}  // namespace chaos
