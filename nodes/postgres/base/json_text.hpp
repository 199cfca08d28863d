// Whether a text is JSON, and PostgreSQL's words for why not. Pure. Source: RFC 8259; PostgreSQL 15, json_errdetail and report_json_context.
#pragma once

#include "wire/pgwire_backend.hpp"

#include <optional>

namespace chaos::pg {

/// nullopt: it is JSON. Else 22P02 with DETAIL and CONTEXT, or 54001 when it is nested deeper than this server reads.
std::optional<ServerError> json_error(std::string_view text);

}  // namespace chaos::pg
