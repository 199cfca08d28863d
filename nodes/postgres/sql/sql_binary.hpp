// The binary forms of values on the wire. Pure. Source: the send and recv functions of PostgreSQL 15's types (utils/adt).
#pragma once

#include "wire/pgwire_backend.hpp"

namespace chaos::pg {

/// Appends length and value from PostgreSQL's text of it. False: the type has no binary form here.
bool append_binary_value(Writer& row, std::int32_t type, std::string_view text);

/// The text of a binary value. nullopt: malformed, or no binary form is read for the type.
std::optional<std::string> text_of_binary(std::int32_t type, std::string_view bytes);

}  // namespace chaos::pg
