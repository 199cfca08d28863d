// Retries as a share of the requests: a token bucket that requests fill and retries empty.
#pragma once

#include <algorithm>

namespace chaos {

/// Without it, retries multiply the load exactly when there is too much of it. Pure.
class RetryBudget {
 public:
  /// share: tokens a request brings, >= 0; 0: no retry is ever paid for.
  explicit RetryBudget(double share) : share_(share) {}

  void set_share(double share) { share_ = share; }
  void request() { tokens_ = std::min(kMost, tokens_ + share_); }
  /// Pays for one retry; false when the bucket cannot.
  bool take() {
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  double tokens() const { return tokens_; }

  /// Unused tokens kept at most: a quiet day does not pay for a storm.
  static constexpr double kMost = 100;

 private:
  double share_;
  double tokens_ = 0;
};

}  // namespace chaos
