#include "cdn/cache_store.hpp"

namespace chaos {

namespace {

std::uint64_t weight(std::string_view target, const CachedResponse& response) {
  std::uint64_t bytes = target.size() + response.body.size();
  for (const auto& [name, value] : response.headers) bytes += name.size() + value.size();
  for (const auto& [name, value] : response.selecting) bytes += name.size() + value.size();
  return bytes;
}

// What the keys of all variants of a target begin with; no target has a newline.
std::string front_of(std::string_view target) { return std::string(target) + "\n"; }

std::string key_of(std::string_view target, const CachedResponse& response) {
  std::string key = front_of(target);
  for (const auto& [name, value] : response.selecting) key.append(name).append(":").append(value).append("\n");
  return key;
}

}  // namespace

CachedPtr CacheStore::find(std::string_view target, const HttpRequest& request) {
  const std::string front = front_of(target);
  auto best = entries_.end();
  for (auto it = entries_.lower_bound(front); it != entries_.end() && it->first.starts_with(front); ++it) {
    const bool younger = best == entries_.end() || it->second.response->stored > best->second.response->stored;
    if (younger && it->second.response->matches(request)) best = it;
  }
  if (best == entries_.end()) return nullptr;
  order_.splice(order_.begin(), order_, best->second.place);
  return best->second.response;
}

bool CacheStore::put(std::string_view target, CachedPtr response) {
  std::string key = key_of(target, *response);
  if (const auto old = entries_.find(key); old != entries_.end()) drop(old);
  const auto bytes = weight(target, *response);
  if (bytes > capacity_) return false;
  make_room_for_variant(front_of(target));
  shrink_to(capacity_ - bytes);
  const auto it = entries_.emplace(std::move(key), Entry{std::move(response), bytes, {}}).first;
  it->second.place = order_.insert(order_.begin(), it);
  bytes_ += bytes;
  return true;
}

void CacheStore::make_room_for_variant(const std::string& front) {
  std::size_t count = 0;
  auto oldest = entries_.end();
  for (auto it = entries_.lower_bound(front); it != entries_.end() && it->first.starts_with(front); ++it, ++count) {
    if (oldest == entries_.end() || it->second.response->stored < oldest->second.response->stored) oldest = it;
  }
  if (count < kMaxVariants) return;
  drop(oldest);
  ++evictions_;
}

std::size_t CacheStore::erase(std::string_view target) { return erase_prefix(front_of(target)); }

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
