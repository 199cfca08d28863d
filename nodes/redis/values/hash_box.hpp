// A hash: pairs in the order of their making while small, a table afterwards.
#pragma once

#include "redis/values/box.hpp"
#include "redis/values/dict.hpp"

#include <optional>

namespace chaos::redis {

class HashBox final : public Box {
 public:
  static constexpr Type kType = Type::hash;
  using Visit = std::function<void(const std::string& field, const std::string& value)>;

  Type type() const override { return kType; }
  std::size_t size() const override { return table_ ? table_->size() : packed_.size(); }
  std::uint64_t bytes() const override;
  std::string_view encoding() const override { return table_ ? "hashtable" : "listpack"; }
  std::unique_ptr<Box> copy() const override;

  /// Null when there is none. Valid until the next change.
  const std::string* find(std::string_view field) const;
  /// True when the field is new.
  bool set(std::string_view field, std::string_view value);
  bool erase(std::string_view field);
  void for_each(const Visit& visit) const;
  /// Everything at once while small, with 0; else one bucket.
  std::uint64_t scan(std::uint64_t cursor, const Visit& visit) const;
  std::pair<std::string, std::string> random(Rng& rng) const;   // must not be empty

 private:
  void unpack();

  std::vector<std::pair<std::string, std::string>> packed_;
  std::unique_ptr<Dict<std::string>> table_;
  std::uint64_t heap_ = 0;        // of the strings and nodes
};

}  // namespace chaos::redis
