#include "redis/keyspace.hpp"

#include <algorithm>

namespace chaos::redis {
namespace {

constexpr std::size_t kFewestBuckets = 16;

/// What glibc's malloc takes for a request of n bytes.
std::uint64_t allocation(std::size_t n) { return std::max<std::uint64_t>(32, (n + 8 + 15) / 16 * 16); }

std::uint64_t heap_of(const std::string& s) {
  static const std::size_t inside = std::string().capacity();
  return s.capacity() > inside ? allocation(s.capacity() + 1) : 0;
}

std::uint64_t reversed(std::uint64_t v) {
  for (unsigned width = 32; width > 0; width /= 2) {
    const std::uint64_t mask = ~0ULL / ((1ULL << width) + 1);
    v = ((v >> width) & mask) | ((v & mask) << width);
  }
  return v;
}

}  // namespace

Keyspace::Keyspace()
    : buckets_(new Table::bucket_type[kFewestBuckets]),
      bucket_count_(kFewestBuckets),
      table_(Table::bucket_traits(buckets_.get(), bucket_count_)),
      used_(allocation(bucket_count_ * sizeof(Table::bucket_type))) {}

Keyspace::~Keyspace() { clear(); }

std::uint64_t Keyspace::bytes_of(const Entry& entry) {
  return allocation(sizeof(Entry)) + heap_of(entry.key) + heap_of(entry.value);
}

Entry* Keyspace::find(std::string_view key, LabTime now, Use use) {
  const auto found = table_.find(key);
  Entry* entry = found == table_.end() ? nullptr : &*found;
  if (entry && entry->expires <= now) {
    erase(*entry);
    ++counters_.expired;
    entry = nullptr;
  }
  if (use != Use::write) ++(entry ? counters_.hits : counters_.misses);
  if (entry && use != Use::look) recent_.splice(recent_.begin(), recent_, recent_.iterator_to(*entry));
  return entry;
}

Entry& Keyspace::set(std::string_view key, std::string_view value, LabTime expires) {
  const auto found = table_.find(key);
  Entry* entry = nullptr;
  if (found != table_.end()) {
    entry = &*found;
    assign(*entry, std::string(value));
    recent_.splice(recent_.begin(), recent_, recent_.iterator_to(*entry));
  } else {
    entry = new Entry(key, value);   // owned by the table, deleted by erase and clear
    table_.insert(*entry);
    recent_.push_front(*entry);
    used_ += bytes_of(*entry);
    fit();
  }
  expire_at(*entry, expires);
  return *entry;
}

void Keyspace::assign(Entry& entry, std::string value) {
  used_ -= bytes_of(entry);
  entry.value = std::move(value);
  used_ += bytes_of(entry);
}

void Keyspace::expire_at(Entry& entry, LabTime at) {
  if (entry.expires == at) return;
  if (entry.expires != kNever) expiries_.erase(expiries_.iterator_to(entry));
  entry.expires = at;
  if (at != kNever) expiries_.insert(entry);
}

void Keyspace::erase(Entry& entry) {
  expire_at(entry, kNever);
  used_ -= bytes_of(entry);
  recent_.erase(recent_.iterator_to(entry));
  table_.erase_and_dispose(table_.iterator_to(entry), std::default_delete<Entry>());
  fit();
}

void Keyspace::clear() {
  expiries_.clear();
  recent_.clear();
  table_.clear_and_dispose(std::default_delete<Entry>());
  used_ = allocation(bucket_count_ * sizeof(Table::bucket_type));
  resize(kFewestBuckets);
}

std::size_t Keyspace::expire(LabTime now, std::size_t at_most) {
  std::size_t gone = 0;
  while (gone < at_most && !expiries_.empty() && expiries_.begin()->expires <= now) {
    erase(*expiries_.begin());
    ++gone;
  }
  counters_.expired += gone;
  return gone;
}

bool Keyspace::evict_to(std::uint64_t max_bytes) {
  while (used_ > max_bytes) {
    if (recent_.empty()) return false;
    erase(recent_.back());
    ++counters_.evicted;
  }
  return true;
}

std::uint64_t Keyspace::scan(std::uint64_t cursor, const std::function<void(const Entry&)>& visit) const {
  const std::uint64_t mask = bucket_count_ - 1;
  const auto bucket = static_cast<std::size_t>(cursor & mask);
  std::for_each(table_.begin(bucket), table_.end(bucket), visit);
  return reversed(reversed(cursor | ~mask) + 1);
}

void Keyspace::for_each(const std::function<void(const Entry&)>& visit) const {
  std::for_each(table_.begin(), table_.end(), visit);
}

LabDuration Keyspace::average_ttl(LabTime now) const {
  if (expiries_.empty()) return {};
  double sum = 0;
  for (const auto& entry : expiries_) sum += static_cast<double>(std::max<std::int64_t>(0, (entry.expires - now).us));
  return {static_cast<std::int64_t>(sum / static_cast<double>(expiries_.size()))};
}

void Keyspace::resize(std::size_t buckets) {
  if (buckets == bucket_count_) return;
  std::unique_ptr<Table::bucket_type[]> fresh(new Table::bucket_type[buckets]);
  table_.rehash(Table::bucket_traits(fresh.get(), buckets));
  used_ -= allocation(bucket_count_ * sizeof(Table::bucket_type));
  used_ += allocation(buckets * sizeof(Table::bucket_type));
  buckets_ = std::move(fresh);
  bucket_count_ = buckets;
}

/// Grows when there are more keys than buckets, shrinks when there are eight times as few.
void Keyspace::fit() {
  if (size() > bucket_count_) return resize(bucket_count_ * 2);
  if (bucket_count_ > kFewestBuckets && size() < bucket_count_ / 8) resize(bucket_count_ / 2);
}

}  // namespace chaos::redis
