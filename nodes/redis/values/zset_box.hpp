// A sorted set: a table from members to scores, and a tree in the order of score and member that knows ranks.
#pragma once

#include "redis/values/box.hpp"
#include "redis/values/dict.hpp"

#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>

namespace chaos::redis {

class ZSetBox final : public Box {
 public:
  static constexpr Type kType = Type::zset;
  struct Ranked {
    double score;
    std::string_view member;
    bool operator<(const Ranked& other) const { return score != other.score ? score < other.score : member < other.member; }
  };
  using Tree = __gnu_pbds::tree<Ranked, __gnu_pbds::null_type, std::less<Ranked>, __gnu_pbds::rb_tree_tag,
                                __gnu_pbds::tree_order_statistics_node_update>;

  Type type() const override { return kType; }
  std::size_t size() const override { return scores_.size(); }
  std::uint64_t bytes() const override { return allocation(sizeof *this) + scores_.table_bytes() + heap_; }
  std::string_view encoding() const override { return packed_ ? "listpack" : "skiplist"; }
  std::unique_ptr<Box> copy() const override;

  const double* find(std::string_view member) const;
  /// True when the member is new.
  bool set(std::string_view member, double score);
  bool erase(std::string_view member);
  /// From 0, the lowest score first; the member must be there.
  std::size_t rank(std::string_view member) const;
  /// How many come before.
  std::size_t rank_of(const Ranked& place) const { return order_.order_of_key(place); }
  Tree::const_iterator at(std::size_t rank) const { return order_.find_by_order(rank); }
  const Tree& order() const { return order_; }
  /// Everything at once while small, with 0; else one bucket.
  std::uint64_t scan(std::uint64_t cursor, const std::function<void(std::string_view, double)>& visit) const;
  Ranked random(Rng& rng) const;

 private:
  using Table = Dict<double>;
  static std::uint64_t node_bytes(const Table::Node& node) {
    return allocation(sizeof(Table::Node)) + heap_of(node.key) + allocation(sizeof(Ranked) + 5 * sizeof(void*));
  }

  Table scores_;
  Tree order_;                   // its members are the keys in scores_
  std::uint64_t heap_ = 0;
  bool packed_ = true;
};

}  // namespace chaos::redis
