// Small readings of arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaos::redis {

/// Words compare without case; `lower` is in lower case.
bool is_word(std::string_view text, std::string_view lower);
std::string lower(std::string_view text);

/// "100mb", "1gb", "512": bytes, as redis.conf takes memory (k is 1000, kb is 1024, and so on).
std::optional<std::uint64_t> parse_memory(std::string_view text);
/// "1.50M", as INFO's *_human fields.
std::string human_bytes(std::uint64_t bytes);

}  // namespace chaos::redis
