// What the server answers. Pure.
#pragma once

#include "runtime/error.hpp"
#include "runtime/http.hpp"
#include "upstream/pg_connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos {

/// The first row as a JSON object, one member a column; whole numbers as numbers, NULL as null, the rest as text.
/// Empty when there is no row.
std::string row_json(const PgRows& rows);

/// The number in the first column of the only row, as INSERT ... RETURNING id gives it.
std::optional<std::int64_t> returned_id(const PgRows& rows);

/// 502, 503 or 504 (runtime/error.hpp) with what failed and how as the reason: "postgres: timeout".
HttpResponse failed_upstream(std::string_view upstream, ErrorCode error);

/// Shop answers are one user's own: no cache on the way may keep them. source: for X-Source, which node answered.
HttpResponse shop_json(unsigned status, std::string body, std::string source);

/// What a server says of its own health.
struct HealthFigures {
  std::string_view node; // a name: letters, digits and hyphens
  int busy = 0;          // slots of the station
  int slots = 0;
  int waiting = 0;       // requests for a slot
  double slowdown = 1;   // runtime/pressure.hpp
};

/// 200 with application/health+json (draft-inadarei-api-health-check-06, sections 3 and 4): "warn" while requests wait
/// for a slot or pressure slows the work down, else "pass". Who is asked for its health lives: there is no "fail".
HttpResponse health_json(const HealthFigures& figures);

}  // namespace chaos
