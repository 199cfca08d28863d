#include "object_store/object_cache.hpp"

namespace chaos {

namespace {

// '/' stands in no bucket's name.
std::string name_of(std::string_view bucket, std::string_view key) {
  std::string name;
  name.reserve(bucket.size() + key.size() + 1);
  name.append(bucket).append("/").append(key);
  return name;
}

std::uint64_t weight(const std::string& name, const StoredObject& object) {
  std::uint64_t bytes = name.size() + object.body.size() + object.head.key.size() + sizeof(StoredObject);
  for (const auto& [field, value] : object.head.headers) bytes += field.size() + value.size() + sizeof field + sizeof value;
  return bytes;
}

}  // namespace

void ObjectCache::set_capacity(std::uint64_t capacity) {
  capacity_ = capacity;
  shrink_to(capacity);
}

ObjectPtr ObjectCache::find(std::string_view bucket, std::string_view key) {
  const auto it = entries_.find(name_of(bucket, key));
  if (it == entries_.end()) return nullptr;
  order_.splice(order_.begin(), order_, it->second);
  return it->second->object;
}

void ObjectCache::put(std::string_view bucket, ObjectPtr object) {
  erase(bucket, object->head.key);
  std::string name = name_of(bucket, object->head.key);
  const std::uint64_t bytes = weight(name, *object);
  if (bytes > kMaxObject || bytes > capacity_) return;
  shrink_to(capacity_ - bytes);
  order_.push_front({std::move(name), std::move(object), bytes});
  entries_.emplace(order_.front().name, order_.begin());
  bytes_ += bytes;
}

void ObjectCache::erase(std::string_view bucket, std::string_view key) {
  const auto it = entries_.find(name_of(bucket, key));
  if (it != entries_.end()) drop(it->second);
}

void ObjectCache::drop(Order::iterator it) {
  bytes_ -= it->bytes;
  entries_.erase(it->name);
  order_.erase(it);
}

void ObjectCache::shrink_to(std::uint64_t bytes) {
  while (bytes_ > bytes) drop(std::prev(order_.end()));
}

}  // namespace chaos
