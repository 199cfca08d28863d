#include "cdn/cache_store.hpp"

namespace chaos {

namespace {

std::uint64_t weight(const std::string& key, const CachedResponse& response) {
  std::uint64_t bytes = key.size() + response.body.size();
  for (const auto& [name, value] : response.headers) bytes += name.size() + value.size();
  return bytes;
}

}  // namespace

CachedPtr CacheStore::find(std::string_view key) {
  const auto it = entries_.find(key);
  if (it == entries_.end()) return nullptr;
  order_.splice(order_.begin(), order_, it->second.place);
  return it->second.response;
}

bool CacheStore::put(std::string key, CachedPtr response) {
  erase(key);
  const auto bytes = weight(key, *response);
  if (bytes > capacity_) return false;
  shrink_to(capacity_ - bytes);
  const auto it = entries_.emplace(std::move(key), Entry{std::move(response), bytes, {}}).first;
  it->second.place = order_.insert(order_.begin(), it);
  bytes_ += bytes;
  return true;
}

bool CacheStore::erase(std::string_view key) {
  const auto it = entries_.find(key);
  if (it == entries_.end()) return false;
  drop(it);
  return true;
}

std::size_t CacheStore::erase_prefix(std::string_view prefix) {
  std::size_t count = 0;
  for (auto it = entries_.lower_bound(prefix); it != entries_.end() && it->first.starts_with(prefix); ++count) it = drop(it);
  return count;
}

void CacheStore::set_capacity(std::uint64_t capacity) {
  capacity_ = capacity;
  shrink_to(capacity);
}

CacheStore::Entries::iterator CacheStore::drop(Entries::iterator it) {
  bytes_ -= it->second.bytes;
  order_.erase(it->second.place);
  return entries_.erase(it);
}

void CacheStore::shrink_to(std::uint64_t bytes) {
  while (bytes_ > bytes) {
    drop(order_.back());
    ++evictions_;
  }
}

}  // namespace chaos
