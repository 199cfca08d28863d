// The file of one object: a head of text lines that says all about it, then the body. Pure.
//
//   chaos-object 1
//   key a%20b.txt
//   etag 900150983cd24fb0d6963f7d28e17f72
//   modified 1700000000
//   size 3
//   parts 2                       (only of an object that was uploaded in parts)
//   upload 4f1c...                (the upload that it was completed by)
//   header Content-Type: text/plain
//   (an empty line, then the body)
//
// One file, so that one rename makes body and metadata appear together.
#pragma once

#include "object_store/object_index.hpp"

#include <optional>
#include <utility>

namespace chaos {

inline constexpr std::size_t kMaxObjectHead = 32 * 1024;

struct ObjectHead {
  std::string key;
  ObjectMeta meta;
  std::vector<std::pair<std::string, std::string>> headers;   // HTTP fields that go back with the object
  std::string upload = {};                                    // empty: it was put or copied in one piece

  std::string write() const;
  /// Reads the head at the front of `bytes`; `end` is where the body begins. nullopt when it is malformed or cut.
  static std::optional<ObjectHead> parse(std::string_view bytes, std::size_t& end);
};

/// A file name for a key: never "." or "..", no '/', at most 200 bytes, different for different keys. A long key
/// keeps its front and ends with its SHA-256.
std::string object_file_name(std::string_view key);

}  // namespace chaos
