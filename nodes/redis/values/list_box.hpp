// A list.
#pragma once

#include "redis/values/box.hpp"
#include "redis/values/footprint.hpp"

#include <deque>

namespace chaos::redis {

class ListBox final : public Box {
 public:
  static constexpr Type kType = Type::list;
  Type type() const override { return kType; }
  std::size_t size() const override { return items_.size(); }
  std::uint64_t bytes() const override { return allocation(sizeof *this) + allocation(512) + items_.size() * sizeof(std::string) + heap_; }
  std::string_view encoding() const override { return "quicklist"; }
  std::unique_ptr<Box> copy() const override;

  enum class End { left, right };
  void push(std::string_view value, End end);
  std::string pop(End end);                             // must not be empty
  const std::string& at(std::size_t index) const { return items_[index]; }
  void set(std::size_t index, std::string_view value);
  void insert(std::size_t before, std::string_view value);
  /// Removes [from, from + count).
  void erase(std::size_t from, std::size_t count);

 private:
  std::deque<std::string> items_;
  std::uint64_t heap_ = 0;
};

}  // namespace chaos::redis
