#include "redis/values/set_box.hpp"

#include "wire/resp.hpp"

namespace chaos::redis {

std::uint64_t SetBox::bytes() const {
  return allocation(sizeof *this) + heap_ + (table_ ? table_->table_bytes() : allocation(ints_.capacity() * sizeof(std::int64_t)));
}

std::unique_ptr<Box> SetBox::copy() const {
  auto out = std::make_unique<SetBox>();
  if (table_) out->unpack();
  for_each([&](std::string_view member) { out->insert(member); });
  return out;
}

bool SetBox::contains(std::string_view member) const {
  if (table_) return table_->find(member) != nullptr;
  std::int64_t number = 0;
  return resp::parse_integer(member, number) && std::binary_search(ints_.begin(), ints_.end(), number);
}

bool SetBox::insert(std::string_view member) {
  std::int64_t number = 0;
  if (!table_ && resp::parse_integer(member, number)) {
    const auto at = std::lower_bound(ints_.begin(), ints_.end(), number);
    if (at != ints_.end() && *at == number) return false;
    ints_.insert(at, number);
    if (ints_.size() > kIntsetEntries) unpack();
    return true;
  }
  if (!table_) unpack();
  const auto [node, fresh] = table_->insert(member);
  if (fresh) heap_ += node_bytes(*node);
  return fresh;
}

bool SetBox::erase(std::string_view member) {
  if (table_) {
    const auto* node = table_->find(member);
    if (!node) return false;
    heap_ -= node_bytes(*node);
    return table_->erase(member);
  }
  std::int64_t number = 0;
  if (!resp::parse_integer(member, number)) return false;
  const auto at = std::lower_bound(ints_.begin(), ints_.end(), number);
  if (at == ints_.end() || *at != number) return false;
  ints_.erase(at);
  return true;
}

void SetBox::for_each(const Visit& visit) const {
  for (const auto number : ints_) visit(std::to_string(number));
  if (table_) table_->for_each([&](const Table::Node& node) { visit(node.key); });
}

std::uint64_t SetBox::scan(std::uint64_t cursor, const Visit& visit) const {
  if (table_) return table_->scan(cursor, [&](const Table::Node& node) { visit(node.key); });
  for_each(visit);
  return 0;
}

std::string SetBox::random(Rng& rng) const {
  return table_ ? table_->random(rng)->key : std::to_string(ints_[rng.below(ints_.size())]);
}

void SetBox::unpack() {
  table_ = std::make_unique<Table>();
  for (const auto number : std::exchange(ints_, {})) heap_ += node_bytes(*table_->insert(std::to_string(number)).first);
}

}  // namespace chaos::redis
