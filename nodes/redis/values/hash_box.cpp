#include "redis/values/hash_box.hpp"

namespace chaos::redis {
namespace {

using Table = Dict<std::string>;

auto find_packed(auto& packed, std::string_view field) {
  return std::find_if(packed.begin(), packed.end(), [&](const auto& pair) { return pair.first == field; });
}

std::uint64_t node_bytes(const Table::Node& node) { return allocation(sizeof(Table::Node)) + heap_of(node.key) + heap_of(node.value); }

}  // namespace

std::uint64_t HashBox::bytes() const {
  return allocation(sizeof *this) + heap_ + (table_ ? table_->table_bytes() : allocation(packed_.capacity() * sizeof packed_[0]));
}

std::unique_ptr<Box> HashBox::copy() const {
  auto out = std::make_unique<HashBox>();
  if (table_) out->unpack();
  for_each([&](const std::string& field, const std::string& value) { out->set(field, value); });
  return out;
}

const std::string* HashBox::find(std::string_view field) const {
  if (table_) {
    const auto* node = table_->find(field);
    return node ? &node->value : nullptr;
  }
  const auto found = find_packed(packed_, field);
  return found == packed_.end() ? nullptr : &found->second;
}

bool HashBox::set(std::string_view field, std::string_view value) {
  if (!table_) {
    const auto found = find_packed(packed_, field);
    const bool fresh = found == packed_.end();
    const bool fits = field.size() <= kPackedBytes && value.size() <= kPackedBytes && (!fresh || packed_.size() < kPackedEntries);
    if (fits && fresh) {
      const auto& made = packed_.emplace_back(field, value);
      heap_ += heap_of(made.first) + heap_of(made.second);
      return true;
    }
    if (fits) {
      heap_ -= heap_of(found->second);
      found->second = value;
      heap_ += heap_of(found->second);
      return false;
    }
    unpack();
  }
  const auto [node, fresh] = table_->insert(field);
  if (!fresh) heap_ -= node_bytes(*node);
  node->value = value;
  heap_ += node_bytes(*node);
  return fresh;
}

bool HashBox::erase(std::string_view field) {
  if (table_) {
    const auto* node = table_->find(field);
    if (!node) return false;
    heap_ -= node_bytes(*node);
    return table_->erase(field);
  }
  const auto found = find_packed(packed_, field);
  if (found == packed_.end()) return false;
  heap_ -= heap_of(found->first) + heap_of(found->second);
  packed_.erase(found);
  return true;
}

void HashBox::for_each(const Visit& visit) const {
  for (const auto& [field, value] : packed_) visit(field, value);
  if (table_) table_->for_each([&](const Table::Node& node) { visit(node.key, node.value); });
}

std::uint64_t HashBox::scan(std::uint64_t cursor, const Visit& visit) const {
  if (table_) return table_->scan(cursor, [&](const Table::Node& node) { visit(node.key, node.value); });
  for_each(visit);
  return 0;
}

std::pair<std::string, std::string> HashBox::random(Rng& rng) const {
  if (!table_) return packed_[rng.below(packed_.size())];
  const auto* node = table_->random(rng);
  return {node->key, node->value};
}

void HashBox::unpack() {
  table_ = std::make_unique<Table>();
  heap_ = 0;
  for (auto& [field, value] : std::exchange(packed_, {})) {
    auto* node = table_->insert(field).first;
    node->value = std::move(value);
    heap_ += node_bytes(*node);
  }
}

}  // namespace chaos::redis
