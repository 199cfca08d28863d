#include "postgres/store/schema.hpp"

namespace chaos::pg {

namespace {

constexpr std::string_view kTables = R"(
  CREATE TABLE items(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, price_cents INTEGER NOT NULL, stock INTEGER NOT NULL, description TEXT NOT NULL);
  CREATE TABLE orders(
    id INTEGER PRIMARY KEY AUTOINCREMENT, item_id INTEGER NOT NULL, quantity INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL DEFAULT 'new', created_at timestamptz NOT NULL DEFAULT (now()));
)";

// Prices from 1.00 to 199.99, stocks from 50 to 499, spread over the ids by primes.
constexpr std::string_view kItems = R"(
  INSERT INTO items
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count)
  SELECT i, 'Item ' || i, 100 + (i * 7919) % 19900, 50 + (i * 31) % 450,
         'Item ' || i || ' of the catalogue: ships within two days, free returns for thirty days.' FROM n;
)";

}  // namespace

bool make_schema(Handle& handle, int count, ServerError& error) {
  const auto there = handle.internal("SELECT 1 FROM sqlite_schema WHERE name = 'items'", error);
  if (!there) return false;
  if (sqlite3_step(there.get()) == SQLITE_ROW) return true;
  sqlite3_reset(there.get());
  std::string items(kItems);
  items.replace(items.find("$count"), 6, std::to_string(count));
  return handle.exec("BEGIN;" + std::string(kTables) + items + "COMMIT", error);
}

}  // namespace chaos::pg
