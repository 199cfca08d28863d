#include "redis/values/zset_box.hpp"

namespace chaos::redis {

std::unique_ptr<Box> ZSetBox::copy() const {
  auto out = std::make_unique<ZSetBox>();
  for (const auto& [score, member] : order_) out->set(member, score);
  out->packed_ = packed_;
  return out;
}

const double* ZSetBox::find(std::string_view member) const {
  const auto* node = scores_.find(member);
  return node ? &node->value : nullptr;
}

bool ZSetBox::set(std::string_view member, double score) {
  const auto [node, fresh] = scores_.insert(member);
  if (fresh) heap_ += node_bytes(*node);
  else order_.erase({node->value, node->key});
  node->value = score;
  order_.insert({score, node->key});
  packed_ = packed_ && member.size() <= kPackedBytes && scores_.size() <= kPackedEntries;
  return fresh;
}

bool ZSetBox::erase(std::string_view member) {
  const auto* node = scores_.find(member);
  if (!node) return false;
  heap_ -= node_bytes(*node);
  order_.erase({node->value, node->key});
  return scores_.erase(std::string(member));   // the view may be the node's own key
}

std::size_t ZSetBox::rank(std::string_view member) const { return order_.order_of_key({*find(member), member}); }

std::uint64_t ZSetBox::scan(std::uint64_t cursor, const std::function<void(std::string_view, double)>& visit) const {
  if (!packed_) return scores_.scan(cursor, [&](const Table::Node& node) { visit(node.key, node.value); });
  for (const auto& [score, member] : order_) visit(member, score);
  return 0;
}

ZSetBox::Ranked ZSetBox::random(Rng& rng) const { return *order_.find_by_order(rng.below(order_.size())); }

}  // namespace chaos::redis
