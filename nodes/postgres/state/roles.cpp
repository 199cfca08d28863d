#include "postgres/state/roles.hpp"

namespace chaos::pg {

std::int64_t role_oid(std::string_view name) {
  if (name == kSuperuser) return 10;
  if (name == kOwner) return 16384;
  if (name == "pg_database_owner") return kDatabaseOwner;
  std::uint32_t hash = 2166136261;       // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return 20'000 + hash % 1'000'000;
}

}  // namespace chaos::pg
