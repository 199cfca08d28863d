#include "postgres/replication/promotion.hpp"

namespace chaos::pg {

StartAs start_as(const StartFacts& facts) {
  const bool named = facts.primary.empty() ? facts.primary_by_role : facts.primary == facts.name;
  switch (facts.data) {
    case DataKind::none: return named && facts.primary_by_role ? StartAs::start_fresh : StartAs::follow;
    case DataKind::standby: return named ? StartAs::promote : StartAs::follow;
    case DataKind::primary: break;
  }
  return named || facts.promoted_in == facts.term ? StartAs::serve : StartAs::rejoin;
}

std::string primary_term(const std::string& run, std::uint64_t count) { return run + "/" + std::to_string(count); }

}  // namespace chaos::pg
