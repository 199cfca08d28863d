// What a new store begins with: the bucket "static" with objects "1".."N", and the empty bucket "receipts".
#pragma once

#include "object_store/object_disk.hpp"

namespace chaos {

struct NewStore {
  int objects = 0;
  std::uint64_t object_bytes = 0;
};

/// The content of static object `number`: printable text, the same for the same number and size.
std::string static_content(int number, std::uint64_t bytes);

/// Makes buckets and objects that are missing, once in the store's life (a store that was killed half way goes on).
Result<void> fill_new_store(ObjectDisk& disk, ObjectIndex& index, const NewStore& wanted, std::int64_t now_s);

}  // namespace chaos
