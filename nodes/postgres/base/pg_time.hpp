// Instants and intervals as PostgreSQL prints them, in UTC. Pure.
#pragma once

#include "wire/pgwire_backend.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::pg {

/// Microseconds since 1970 of the system's clock.
std::int64_t unix_now_us();

/// "2026-03-01 17:05:09.25+00"; at most six digits after the point, trailing zeros dropped.
std::string format_timestamp(std::int64_t unix_us);
/// "2026-03-01 17:05:09.25" and "2026-03-01".
std::string format_plain_timestamp(std::int64_t unix_us);
std::string format_date(std::int64_t unix_us);
/// Reads those forms, with or without fraction, with ' ' or 'T', a zone as +HH[:MM] or Z; a date alone is its midnight.
std::optional<std::int64_t> parse_timestamp(std::string_view text);
/// The same, and now, today, tomorrow, yesterday, epoch.
std::optional<std::int64_t> read_instant(std::string_view text, std::int64_t now_us);

/// Of a text that is no instant though it has the form of one: 22008. nullopt: it has another form.
std::optional<ServerError> field_out_of_range(std::string_view text);

// Fields of EXTRACT, date_part and date_trunc ("hour", "dow", "epoch", ...); nullopt: there is none of that name.
struct Interval;
std::optional<double> time_field(std::string_view field, std::int64_t unix_us);
std::optional<double> interval_field(std::string_view field, const Interval& interval);
std::optional<std::int64_t> truncated(std::string_view field, std::int64_t unix_us);

/// "00:05:00", "1 day 02:00:00.5", "-00:00:01": days and a clock.
std::string format_interval(std::int64_t us);
/// Reads that form, and "5 minutes", "1 hour 30 min", "2 days", "10s".
std::optional<std::int64_t> parse_interval(std::string_view text);

}  // namespace chaos::pg
