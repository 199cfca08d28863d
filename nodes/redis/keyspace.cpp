#include "redis/keyspace.hpp"

#include <algorithm>

namespace chaos::redis {
namespace {

constexpr std::size_t kFewestBuckets = 16;
constexpr std::size_t kSpare = 64;      // bytes that a string may keep beyond twice its length

/// Takes an entry out of a list without order; the last one takes its place.
void leave(std::vector<Entry*>& list, std::uint32_t Entry::*place, const Entry& entry) {
  list[entry.*place] = list.back();
  list[entry.*place]->*place = entry.*place;
  list.pop_back();
}

void enter(std::vector<Entry*>& list, std::uint32_t Entry::*place, Entry& entry) {
  entry.*place = static_cast<std::uint32_t>(list.size());
  list.push_back(&entry);
}

/// The higher the sooner it goes.
std::uint64_t score(const Entry& entry, LabTime now, const EvictionRule& rule) {
  if (counts_frequency(rule.policy)) return 255u - entry.usage.frequency_at(now.minute(), rule);
  if (rule.policy == Policy::volatile_ttl) return UINT64_MAX - static_cast<std::uint64_t>(entry.expires.us);
  return UINT64_MAX - entry.usage.touched;
}

}  // namespace

std::string_view type_name(Type type) {
  constexpr std::string_view kNames[]{"string", "list", "set", "zset", "hash", "stream"};
  return kNames[static_cast<std::size_t>(type)];
}

Keyspace::Keyspace(Rng rng)
    : buckets_(new Table::bucket_type[kFewestBuckets]),
      bucket_count_(kFewestBuckets),
      table_(Table::bucket_traits(buckets_.get(), bucket_count_)),
      used_(table_bytes()),
      rng_(std::move(rng)) {}

Keyspace::~Keyspace() { clear(); }

std::uint64_t Keyspace::bytes_of(const Entry& entry) {
  return allocation(sizeof(Entry)) + sizeof(Entry*) * (entry.expires == kNever ? 1 : 2) + heap_of(entry.key) + heap_of(entry.value) +
         (entry.box ? entry.box->bytes() : 0);
}

Entry* Keyspace::find(std::string_view key, LabTime now, Use use) {
  now_ = now;
  const auto found = table_.find(key);
  Entry* entry = found == table_.end() ? nullptr : &*found;
  if (entry && entry->expires <= now) {
    erase(*entry);
    ++counters_.expired;
    entry = nullptr;
  }
  if (use == Use::read || use == Use::look) ++(entry ? counters_.hits : counters_.misses);
  if (!entry || use == Use::look || use == Use::peek) return entry;
  entry->used = now;
  entry->usage.touched = ++touches_;
  if (counts_frequency(rule.policy)) entry->usage.count(now.minute(), rule, rng_);
  return entry;
}

/// The entry of a key, new or stripped of what it held.
Entry& Keyspace::made(std::string_view key) {
  const auto found = table_.find(key);
  if (found != table_.end()) {
    found->box.reset();
    found->raw = false;
    found->usage.touched = ++touches_;
    return *found;
  }
  births_.made(key);
  auto* entry = new Entry(key, {});   // owned by the table, deleted by erase and clear
  table_.insert(*entry);
  enter(all_, &Entry::place, *entry);
  entry->usage.touched = ++touches_;
  entry->usage.decayed = now_.minute();
  entry->used = now_;
  fit();
  return *entry;
}

void Keyspace::account(Entry& entry) {
  used_ -= entry.bytes;
  entry.bytes = bytes_of(entry);
  used_ += entry.bytes;
  entry.version = ++changes_;
}

Entry& Keyspace::set(std::string_view key, std::string_view value, LabTime expires) {
  Entry& entry = made(key);
  set(entry, value, expires);
  return entry;
}

void Keyspace::set(Entry& entry, std::string_view value, LabTime expires) {
  entry.box.reset();
  entry.raw = false;
  if (entry.value.capacity() <= 2 * value.size() + kSpare) entry.value.assign(value);
  else std::string(value).swap(entry.value);     // gives back what a longer one took
  expire_at(entry, expires);
  account(entry);
}

Entry& Keyspace::put(std::string_view key, std::unique_ptr<Box> box, LabTime expires) {
  Entry& entry = made(key);
  std::string().swap(entry.value);
  entry.box = std::move(box);
  expire_at(entry, expires);
  account(entry);
  return entry;
}

void Keyspace::assign(Entry& entry, std::string value) {
  entry.value.swap(value);
  account(entry);
}

void Keyspace::settle(Entry& entry) {
  account(entry);
  if (entry.box && entry.box->size() == 0 && entry.box->empty_is_gone()) erase(entry);
}

void Keyspace::expire_at(Entry& entry, LabTime at) {
  if (entry.expires == at) return;
  const bool was = entry.expires != kNever;
  if (was) expiries_.erase(expiries_.iterator_to(entry));
  entry.expires = at;
  if (at != kNever) expiries_.insert(entry);
  if (was && at == kNever) leave(volatile_, &Entry::volatile_place, entry);
  if (!was) enter(volatile_, &Entry::volatile_place, entry);
  account(entry);
}

void Keyspace::erase(Entry& entry) {
  expire_at(entry, kNever);
  used_ -= entry.bytes;
  ++changes_;
  leave(all_, &Entry::place, entry);
  table_.erase_and_dispose(table_.iterator_to(entry), std::default_delete<Entry>());
  fit();
}

void Keyspace::clear() {
  changes_ += all_.size();
  expiries_.clear();
  volatile_.clear();
  all_.clear();
  pool_.clear();
  table_.clear_and_dispose(std::default_delete<Entry>());
  used_ = table_bytes();
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

/// One that goes now; null when none may.
Entry* Keyspace::victim(LabTime now) {
  const auto& among = spares_persistent(rule.policy) ? volatile_ : all_;
  if (rule.policy == Policy::noeviction || among.empty()) return nullptr;
  if (std::exchange(pooled_, rule.policy) != rule.policy) pool_.clear();
  if (rule.policy == Policy::allkeys_random || rule.policy == Policy::volatile_random) return among[rng_.below(among.size())];
  while (true) {
    const auto looks = std::min(rule.samples, among.size());
    for (std::size_t i = 0; i < looks; ++i) {
      const Entry& entry = *among[looks == among.size() ? i : rng_.below(among.size())];
      pool_.offer(score(entry, now, rule), entry.key);
    }
    while (const auto key = pool_.take()) {
      const auto found = table_.find(std::string_view(*key));   // it may have gone by itself meanwhile
      if (found != table_.end() && (found->expires != kNever || !spares_persistent(rule.policy))) return &*found;
    }
  }
}

bool Keyspace::evict_to(std::uint64_t max_bytes, LabTime now) {
  while (used_ > max_bytes) {
    Entry* entry = victim(now);
    if (!entry) return false;
    erase(*entry);
    ++counters_.evicted;
  }
  return true;
}

Entry* Keyspace::random() { return all_.empty() ? nullptr : all_[rng_.below(all_.size())]; }

std::uint64_t Keyspace::scan(std::uint64_t cursor, const std::function<void(const Entry&)>& visit) const {
  const std::uint64_t mask = bucket_count_ - 1;
  const auto bucket = static_cast<std::size_t>(cursor & mask);
  std::for_each(table_.begin(bucket), table_.end(bucket), visit);
  return next_cursor(cursor, mask);
}

void Keyspace::for_each(const std::function<void(const Entry&)>& visit) const {
  std::for_each(table_.begin(), table_.end(), visit);
}

LabDuration Keyspace::average_ttl(LabTime now) const {
  if (volatile_.empty()) return {};
  double sum = 0;
  for (const auto* entry : volatile_) sum += static_cast<double>(std::max<std::int64_t>(0, (entry->expires - now).us));
  return {static_cast<std::int64_t>(sum / static_cast<double>(volatile_.size()))};
}

void Keyspace::resize(std::size_t buckets) {
  if (buckets == bucket_count_) return;
  std::unique_ptr<Table::bucket_type[]> fresh(new Table::bucket_type[buckets]);
  table_.rehash(Table::bucket_traits(fresh.get(), buckets));
  used_ -= table_bytes();
  buckets_ = std::move(fresh);
  bucket_count_ = buckets;
  used_ += table_bytes();
}

/// Grows when there are more keys than buckets, shrinks when there are eight times as few.
void Keyspace::fit() {
  if (size() > bucket_count_) return resize(bucket_count_ * 2);
  if (bucket_count_ > kFewestBuckets && size() < bucket_count_ / 8) resize(bucket_count_ / 2);
}

}  // namespace chaos::redis
