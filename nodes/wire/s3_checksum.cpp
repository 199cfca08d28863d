#include "wire/s3_checksum.hpp"

#include "wire/base64.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <vector>

namespace chaos::s3 {

namespace {

// A reflected CRC, all bits set before and inverted after.
template <class Word>
std::array<Word, 256> table_of(Word polynomial) {
  std::array<Word, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    Word value = static_cast<Word>(i);
    for (int bit = 0; bit < 8; ++bit) value = value & 1 ? (value >> 1) ^ polynomial : value >> 1;
    table[i] = value;
  }
  return table;
}

template <class Word>
std::string crc(const std::array<Word, 256>& table, std::string_view bytes) {
  Word value = ~Word{0};
  for (const char c : bytes) value = table[(value ^ static_cast<unsigned char>(c)) & 0xFF] ^ (value >> 8);
  value = ~value;
  std::string big_endian;
  for (std::size_t i = sizeof value; i > 0; --i) big_endian.push_back(static_cast<char>(value >> (8 * (i - 1))));
  return base64_encode(big_endian);
}

std::string digest(const EVP_MD* kind, std::string_view bytes) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, kind, nullptr);
  out.resize(size);
  return base64_encode(out);
}

}  // namespace

std::optional<std::string> checksum(std::string_view algorithm, std::string_view bytes) {
  static const auto crc32 = table_of<std::uint32_t>(0xEDB88320u);
  static const auto crc32c = table_of<std::uint32_t>(0x82F63B78u);
  static const auto crc64nvme = table_of<std::uint64_t>(0x9A6C9329AC4BC9B5ull);
  if (algorithm == "crc32") return crc(crc32, bytes);
  if (algorithm == "crc32c") return crc(crc32c, bytes);
  if (algorithm == "crc64nvme") return crc(crc64nvme, bytes);
  if (algorithm == "sha1") return digest(EVP_sha1(), bytes);
  if (algorithm == "sha256") return digest(EVP_sha256(), bytes);
  return std::nullopt;
}

}  // namespace chaos::s3
