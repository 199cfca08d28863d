// A client as CLIENT LIST shows it, and which clients a command means.
#pragma once

#include "redis/engine.hpp"

namespace chaos::redis {

/// One line with its end; the fields of Redis 7.0 (networking.c: catClientInfoString), and those of the library's names.
std::string client_line(const Engine& engine, const Client& client);

/// "normal", "pubsub", and the types that no client here has.
bool is_client_type(std::string_view word);
bool is_of_type(const Client& client, std::string_view word);

}  // namespace chaos::redis
