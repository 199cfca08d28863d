#include "runtime/random.hpp"

#include <algorithm>
#include <cmath>

namespace chaos {

namespace {

// FNV-1a, so that a child's seed does not depend on the standard library's hash.
std::uint64_t hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t h = 14695981039346656037ULL ^ seed;
  for (unsigned char c : text) h = (h ^ c) * 1099511628211ULL;
  return h;
}

}  // namespace

Rng::Rng(std::uint64_t seed) : seed_(seed), engine_(seed) {}

Rng Rng::child(std::string_view name) const { return Rng(hash(name, seed_ * 0x9E3779B97F4A7C15ULL)); }

double Rng::uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

bool Rng::chance(double p) { return uniform() < p; }

std::uint64_t Rng::below(std::uint64_t n) { return static_cast<std::uint64_t>(uniform() * static_cast<double>(n)); }

double Rng::exponential(double mean) { return -mean * std::log1p(-uniform()); }

double Rng::lognormal(double mean, double cv) {
  if (cv <= 0 || mean <= 0) return mean;
  const double variance = std::log1p(cv * cv);
  std::normal_distribution<double> normal(std::log(mean) - variance / 2, std::sqrt(variance));
  return std::exp(normal(engine_));
}

Zipf::Zipf(std::uint32_t n, double s) {
  cumulative_.reserve(n);
  double sum = 0;
  for (std::uint32_t k = 1; k <= n; ++k) cumulative_.push_back(sum += std::pow(k, -s));
}

std::uint32_t Zipf::draw(Rng& rng) const {
  const double at = rng.uniform() * cumulative_.back();
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
  return static_cast<std::uint32_t>(std::min(found - cumulative_.begin() + 1, std::ptrdiff_t(cumulative_.size())));
}

}  // namespace chaos
