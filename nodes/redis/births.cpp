#include "redis/births.hpp"

namespace chaos::redis {

std::shared_ptr<const bool> Births::watch(std::string_view key) {
  if (tokens_.size() >= sweep_at_) {
    std::erase_if(tokens_, [](const auto& token) { return token.second.expired(); });
    sweep_at_ = 2 * tokens_.size() + kFewest;
  }
  auto& token = tokens_[std::string(key)];
  auto held = token.lock();
  if (!held) token = held = std::make_shared<bool>(false);
  return held;
}

void Births::mark(std::string_view key) {
  const auto at = tokens_.find(std::string(key));
  if (at == tokens_.end()) return;
  if (const auto held = at->second.lock()) *held = true;
  tokens_.erase(at);
}

}  // namespace chaos::redis
