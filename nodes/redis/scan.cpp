#include "redis/scan.hpp"

#include "redis/glob.hpp"
#include "redis/text.hpp"

#include <charconv>
#include <vector>

namespace chaos::redis {
namespace {

struct ScanOptions {
  std::int64_t count = 10;
  std::string_view match = "*";
  bool strings = true;       // false: TYPE names a type that no key has
};

std::optional<ScanOptions> take_options(Call& call) {
  ScanOptions out;
  if (call.args.size() % 2 != 0) return call.syntax_error(), std::nullopt;
  for (std::size_t i = 2; i < call.args.size(); i += 2) {
    if (is_word(call.args[i], "match")) {
      out.match = call.args[i + 1];
    } else if (is_word(call.args[i], "type")) {
      out.strings = is_word(call.args[i + 1], "string");
    } else if (is_word(call.args[i], "count")) {
      const auto count = call.integer(i + 1);
      if (!count) return std::nullopt;
      if (*count < 1) return call.syntax_error(), std::nullopt;
      out.count = *count;
    } else {
      return call.syntax_error(), std::nullopt;
    }
  }
  return out;
}

}  // namespace

void scan(Call& call) {
  const auto text = call.args[1];
  std::uint64_t cursor = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), cursor);
  if (code != std::errc() || end != text.data() + text.size()) return call.error("ERR invalid cursor");
  const auto options = take_options(call);
  if (!options) return;

  std::vector<std::string_view> found;
  std::int64_t seen = 0;
  std::int64_t steps = options->count > INT64_MAX / 10 ? INT64_MAX : options->count * 10;   // over a sparse table
  do {
    cursor = call.keys().scan(cursor, [&](const Entry& entry) {
      ++seen;
      if (options->strings && entry.expires > call.now && glob_match(options->match, entry.key)) found.push_back(entry.key);
    });
  } while (cursor != 0 && seen < options->count && --steps > 0);

  call.out.array(2);
  call.out.bulk(std::to_string(cursor));
  call.out.array(found.size());
  for (const auto key : found) call.out.bulk(key);
}

}  // namespace chaos::redis
