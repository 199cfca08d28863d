// Seeded chance. One Rng per node, children by name, so that one component's draws do not shift another's.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace chaos {

class Rng {
 public:
  explicit Rng(std::uint64_t seed);
  /// An independent stream; the same parent seed and name give the same stream.
  Rng child(std::string_view name) const;

  double uniform();                         // [0, 1)
  bool chance(double p);                    // true with probability p; draws even at 0 and 1
  std::uint64_t below(std::uint64_t n);     // [0, n); n > 0
  double exponential(double mean);
  double lognormal(double mean, double cv); // by its own mean and coefficient of variation; cv 0: the mean

 private:
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};

/// Zipf law over ranks 1..n: P(k) ~ k^-s. Draw costs O(log n). n >= 1, s >= 0.
class Zipf {
 public:
  Zipf(std::uint32_t n, double s);
  std::uint32_t draw(Rng& rng) const;

 private:
  std::vector<double> cumulative_;
};

}  // namespace chaos
