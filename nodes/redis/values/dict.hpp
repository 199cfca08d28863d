// A hash table from strings that can be scanned with a cursor and drawn from by chance.
#pragma once

#include "redis/values/footprint.hpp"
#include "runtime/random.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos::redis {

/// Chained, a power of two of buckets: grows when there are more elements than buckets, shrinks at an eighth.
/// Nodes stay where they are as long as they live.
template <class V>
class Dict {
 public:
  struct Node {
    Node* next;
    std::size_t hash;
    const std::string key;
    V value;
  };

  Dict() : buckets_(kFewest) {}
  Dict(const Dict&) = delete;
  Dict& operator=(const Dict&) = delete;
  ~Dict() {
    for (Node* node : buckets_) {
      while (node) delete std::exchange(node, node->next);
    }
  }

  Node* find(std::string_view key) const {
    const auto hash = std::hash<std::string_view>{}(key);
    Node* node = buckets_[hash & mask()];
    while (node && (node->hash != hash || node->key != key)) node = node->next;
    return node;
  }
  /// The node of the key, made with an empty value when there is none.
  std::pair<Node*, bool> insert(std::string_view key) {
    if (Node* there = find(key)) return {there, false};
    if (size_ == buckets_.size()) resize(buckets_.size() * 2);
    const auto hash = std::hash<std::string_view>{}(key);
    Node*& head = buckets_[hash & mask()];
    head = new Node{head, hash, std::string(key), V{}};
    ++size_;
    return {head, true};
  }
  bool erase(std::string_view key) {
    const auto hash = std::hash<std::string_view>{}(key);
    Node** at = &buckets_[hash & mask()];
    while (*at && ((*at)->hash != hash || (*at)->key != key)) at = &(*at)->next;
    if (!*at) return false;
    delete std::exchange(*at, (*at)->next);
    --size_;
    if (buckets_.size() > kFewest && size_ < buckets_.size() / 8) resize(buckets_.size() / 2);
    return true;
  }

  std::size_t size() const { return size_; }
  std::uint64_t table_bytes() const { return allocation(buckets_.size() * sizeof(Node*)); }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Node* head : buckets_) {
      for (const Node* node = head; node; node = node->next) visit(*node);
    }
  }
  /// Visits one bucket; the next cursor, 0 at the end.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit&& visit) const {
    for (const Node* node = buckets_[cursor & mask()]; node; node = node->next) visit(*node);
    return next_cursor(cursor, mask());
  }
  /// A node by chance; must not be empty. As Redis: a bucket that is not empty, then one of its nodes.
  Node* random(Rng& rng) const {
    while (true) {
      Node* node = buckets_[rng.below(buckets_.size())];
      std::size_t length = 0;
      for (const Node* at = node; at; at = at->next) ++length;
      if (length == 0) continue;
      for (auto steps = rng.below(length); steps > 0; --steps) node = node->next;
      return node;
    }
  }

 private:
  static constexpr std::size_t kFewest = 16;
  std::size_t mask() const { return buckets_.size() - 1; }
  void resize(std::size_t count) {
    std::vector<Node*> fresh(count);
    for (Node* node : buckets_) {
      while (node) {
        Node* next = std::exchange(node->next, fresh[node->hash & (count - 1)]);
        fresh[node->hash & (count - 1)] = node;
        node = next;
      }
    }
    buckets_ = std::move(fresh);
  }

  std::vector<Node*> buckets_;
  std::size_t size_ = 0;
};

}  // namespace chaos::redis
