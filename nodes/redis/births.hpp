// Which keys that did not exist under WATCH have been made since, if only for a moment.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chaos::redis {

/// Data thread only. Costs nothing while nobody watches a missing key.
class Births {
 public:
  /// Turns true when the key is made. It is watched as long as somebody holds the answer.
  std::shared_ptr<const bool> watch(std::string_view key);
  void made(std::string_view key) {
    if (!tokens_.empty()) mark(key);
  }
  std::size_t size() const { return tokens_.size(); }

 private:
  static constexpr std::size_t kFewest = 64;
  void mark(std::string_view key);
  std::unordered_map<std::string, std::weak_ptr<bool>> tokens_;
  std::size_t sweep_at_ = kFewest;   // those that nobody holds any more go then
};

}  // namespace chaos::redis
