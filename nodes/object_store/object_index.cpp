#include "object_store/object_index.hpp"

namespace chaos {

namespace {

using Keys = std::map<std::string, ObjectMeta, std::less<>>;

// The first key that does not begin with `prefix` and sorts after those that do.
Keys::const_iterator past(const Keys& keys, std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (prefix.empty()) return keys.end();
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return keys.lower_bound(prefix);
}

// The key up to the first delimiter after the listing's prefix, or empty.
std::string_view common_prefix(std::string_view key, const s3::ListQuery& query) {
  if (query.delimiter.empty() || !key.starts_with(query.prefix)) return {};
  const auto at = key.find(query.delimiter, query.prefix.size());
  return at == std::string_view::npos ? std::string_view{} : key.substr(0, at + query.delimiter.size());
}

Keys::const_iterator first(const Keys& keys, const s3::ListQuery& query) {
  const std::string after = query.token.empty() ? query.after : s3::after_token(query.token).value_or("");
  if (after.empty() || after < query.prefix) return keys.lower_bound(query.prefix);
  if (common_prefix(after, query) == after) return past(keys, after);    // the page before ended with this prefix
  return keys.upper_bound(after);
}

}  // namespace

bool ObjectIndex::add_bucket(std::string name, std::int64_t created_s) {
  return buckets_.try_emplace(std::move(name), Bucket{created_s, {}}).second;
}

void ObjectIndex::remove_bucket(std::string_view name) {
  const auto it = buckets_.find(name);
  if (it == buckets_.end()) return;
  for (const auto& [key, meta] : it->second.objects) bytes_ -= meta.size;
  objects_ -= it->second.objects.size();
  buckets_.erase(it);
}

const ObjectIndex::Bucket* ObjectIndex::bucket(std::string_view name) const {
  const auto it = buckets_.find(name);
  return it == buckets_.end() ? nullptr : &it->second;
}

std::vector<s3::BucketEntry> ObjectIndex::buckets() const {
  std::vector<s3::BucketEntry> entries;
  for (const auto& [name, bucket] : buckets_) entries.push_back({name, bucket.created_s});
  return entries;
}

void ObjectIndex::put(std::string_view bucket, std::string key, const ObjectMeta& meta) {
  const auto [it, fresh] = buckets_.find(bucket)->second.objects.try_emplace(std::move(key));
  objects_ += fresh ? 1 : 0;
  bytes_ += meta.size - it->second.size;
  it->second = meta;
}

bool ObjectIndex::remove(std::string_view bucket, std::string_view key) {
  const auto found = buckets_.find(bucket);
  if (found == buckets_.end()) return false;
  auto& objects = found->second.objects;
  const auto it = objects.find(key);
  if (it == objects.end()) return false;
  bytes_ -= it->second.size;
  --objects_;
  objects.erase(it);
  return true;
}

const ObjectMeta* ObjectIndex::find(std::string_view bucket_name, std::string_view key) const {
  const Bucket* in = bucket(bucket_name);
  if (!in) return nullptr;
  const auto it = in->objects.find(key);
  return it == in->objects.end() ? nullptr : &it->second;
}

s3::Listing ObjectIndex::list(const Bucket& bucket, const s3::ListQuery& query) {
  const Keys& keys = bucket.objects;
  s3::Listing page;
  for (auto it = first(keys, query); it != keys.end() && it->first.starts_with(query.prefix);) {
    if (page.objects.size() + page.prefixes.size() >= query.max_keys) {
      page.truncated = query.max_keys > 0;
      break;
    }
    const auto group = common_prefix(it->first, query);
    if (!group.empty()) {
      page.last = std::string(group);
      page.prefixes.push_back(page.last);
      it = past(keys, page.last);
      continue;
    }
    const ObjectMeta& meta = it->second;
    page.objects.push_back({it->first, meta.size, meta.etag(), meta.modified_s});
    page.last = it->first;
    ++it;
  }
  return page;
}

}  // namespace chaos
