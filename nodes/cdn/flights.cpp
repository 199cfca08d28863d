#include "cdn/flights.hpp"

namespace chaos {

Flights::Ticket Flights::board(const std::string& key) {
  auto& slot = under_way_[key];
  const bool leads = !slot;
  if (leads) slot = std::make_shared<Flight>();
  return {slot, leads};
}

void Flights::land(const std::string& key, const std::shared_ptr<Flight>& flight, Landing landing) {
  flight->landed = true;
  flight->landing = std::move(landing);
  flight->waiters.notify_all();
  const auto it = under_way_.find(key);
  if (it != under_way_.end() && it->second == flight) under_way_.erase(it);
}

void Flights::forget_prefix(std::string_view prefix) {
  auto it = under_way_.lower_bound(prefix);
  while (it != under_way_.end() && it->first.starts_with(prefix)) it = under_way_.erase(it);
}

Fetches::Ticket::Ticket(Fetches& all, std::string target) : all_(all), place_(all.under_way_.emplace(std::move(target), false)) {}

void Fetches::outdate(std::string_view target) {
  const auto [begin, end] = under_way_.equal_range(target);
  for (auto it = begin; it != end; ++it) it->second = true;
}

void Fetches::outdate_prefix(std::string_view prefix) {
  for (auto it = under_way_.lower_bound(prefix); it != under_way_.end() && it->first.starts_with(prefix); ++it) it->second = true;
}

}  // namespace chaos
