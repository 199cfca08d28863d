// A set: sorted integers while it holds few and nothing else, a table afterwards.
#pragma once

#include "redis/values/box.hpp"
#include "redis/values/dict.hpp"

namespace chaos::redis {

class SetBox final : public Box {
 public:
  static constexpr Type kType = Type::set;
  using Visit = std::function<void(std::string_view member)>;

  Type type() const override { return kType; }
  std::size_t size() const override { return table_ ? table_->size() : ints_.size(); }
  std::uint64_t bytes() const override;
  std::string_view encoding() const override { return table_ ? "hashtable" : "intset"; }
  std::unique_ptr<Box> copy() const override;

  bool contains(std::string_view member) const;
  bool insert(std::string_view member);     // true when it is new
  bool erase(std::string_view member);
  void for_each(const Visit& visit) const;
  /// Everything at once while it holds integers only, with 0; else one bucket.
  std::uint64_t scan(std::uint64_t cursor, const Visit& visit) const;
  std::string random(Rng& rng) const;       // must not be empty

 private:
  struct Nothing {};
  using Table = Dict<Nothing>;
  static std::uint64_t node_bytes(const Table::Node& node) { return allocation(sizeof(Table::Node)) + heap_of(node.key); }
  void unpack();

  std::vector<std::int64_t> ints_;          // ascending
  std::unique_ptr<Table> table_;
  std::uint64_t heap_ = 0;
};

}  // namespace chaos::redis
