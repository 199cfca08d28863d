#include "object_store/digest.hpp"

#include "wire/base64.hpp"

#include <openssl/evp.h>

#include <charconv>
#include <span>
#include <stdexcept>

namespace chaos {

namespace {

void digest(const EVP_MD* kind, std::string_view bytes, std::span<std::uint8_t> out) {
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) != 1 || size != out.size()) {
    throw std::runtime_error("libcrypto has no such digest");
  }
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

}  // namespace

Md5 md5(std::string_view bytes) {
  Md5 out{};
  digest(EVP_md5(), bytes, out);
  return out;
}

std::string to_hex(const Md5& digest) { return hex(digest); }
std::string to_etag(const Md5& digest, std::uint32_t parts) {
  return "\"" + hex(digest) + (parts ? "-" + std::to_string(parts) : "") + "\"";
}

std::string to_base64(const Md5& digest) {
  return base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool from_hex(std::string_view text, Md5& out) {
  if (text.size() != out.size() * 2) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* begin = text.data() + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, out[i], 16);
    if (error != std::errc{} || end != begin + 2) return false;
  }
  return true;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<std::uint8_t, 32> out{};
  digest(EVP_sha256(), bytes, out);
  return hex(out);
}

}  // namespace chaos
