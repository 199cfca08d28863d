// Commands that write streams (https://redis.io/docs/latest/commands/?group=stream). Consumer groups are left out.
#include "redis/engine.hpp"
#include "redis/stream_ids.hpp"
#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

/// MAXLEN|MINID [=|~] bound [LIMIT n]. "~" trims as far as "=" does: what it allows.
struct Trim { std::optional<std::int64_t> length; std::optional<StreamId> from; };

/// Reads it at args[i] and leaves i on its last argument; nothing after an answered error.
std::optional<Trim> take_trim(Call& call, std::size_t& i) {
  Trim out;
  const bool by_length = is_word(call.args[i], "maxlen");
  const bool about = i + 1 < call.count() && call.args[i + 1] == "~";
  if (i + 1 < call.count() && (about || call.args[i + 1] == "=")) ++i;
  if (++i >= call.count()) return call.syntax_error(), std::nullopt;
  if (by_length) {
    out.length = call.integer(i);
    if (!out.length) return std::nullopt;
    if (*out.length < 0) return call.error("ERR The MAXLEN argument must be >= 0."), std::nullopt;
  } else {
    out.from = stream_id(call.args[i], 0);
    if (!out.from) return call.error(kBadStreamId), std::nullopt;
  }
  if (i + 2 < call.count() && is_word(call.args[i + 1], "limit")) {
    if (!about) return call.error("ERR syntax error, LIMIT cannot be used without the special ~ option"), std::nullopt;
    if (!call.integer(i + 2)) return std::nullopt;
    i += 2;
  }
  return out;
}

std::size_t trim(StreamBox& stream, const Trim& how) {
  return how.length ? stream.trim_to_length(static_cast<std::size_t>(*how.length)) : stream.trim_below(*how.from);
}

/// "*", "5-*" or a whole id: the id of the next entry; nothing after an answered error.
std::optional<StreamId> take_next_id(Call& call, std::string_view text, StreamId last) {
  constexpr std::string_view kSmall = "ERR The ID specified in XADD is equal or smaller than the target stream top item";
  if (text == "*") {
    const StreamId now{static_cast<std::uint64_t>(call.engine.unix_us() / 1000), 0};
    const auto id = now > last ? std::optional(now) : last.next();
    if (!id) call.error("ERR The stream has exhausted the last possible ID, unable to add more items");
    return id;
  }
  std::optional<StreamId> id;
  if (text.ends_with("-*")) {
    id = stream_id(text.substr(0, text.size() - 2), 0);
    if (id && id->ms == last.ms) id = last.next();
    if (id && id->ms == 0 && id->seq == 0) id->seq = 1;
  } else {
    id = stream_id(text, 0);
  }
  if (!id) return call.error(kBadStreamId), std::nullopt;
  if (*id == StreamId{}) return call.error("ERR The ID specified in XADD must be greater than 0-0"), std::nullopt;
  if (*id <= last) return call.error(kSmall), std::nullopt;
  return id;
}

void xadd(Call& call) {
  std::optional<Trim> bound;
  bool make = true;
  std::size_t i = 2;
  for (; i < call.count(); ++i) {
    if (is_word(call.args[i], "nomkstream")) make = false;
    else if (!is_word(call.args[i], "maxlen") && !is_word(call.args[i], "minid")) break;
    else if (!(bound = take_trim(call, i))) return;
  }
  if (i + 3 > call.count() || (call.count() - i - 1) % 2 != 0) return call.wrong_arity();
  auto stream = call.fetch<StreamBox>(call.args[1], Use::write);
  if (!stream) return;
  if (!*stream && !make) return call.out.nil();
  const auto id = take_next_id(call, call.args[i], *stream ? (*stream)->last_id() : StreamId{});
  if (!id) return;
  call.make(*stream, call.args[1]);
  const auto fields = call.args.subspan(i + 1);
  (*stream)->add(*id, {fields.begin(), fields.end()});
  if (bound) trim(*stream->box, *bound);
  call.keys().settle(*stream->entry);
  call.out.bulk(id->text());
}

void xdel(Call& call) {
  const auto stream = call.fetch<StreamBox>(call.args[1], Use::write);
  if (!stream) return;
  std::int64_t gone = 0;
  for (std::size_t i = 2; i < call.count(); ++i) {
    const auto id = stream_id(call.args[i], 0);
    if (!id) return call.error(kBadStreamId);
    gone += *stream && (*stream)->erase(*id);
  }
  if (gone > 0) call.keys().settle(*stream->entry);
  call.out.integer(gone);
}

void xtrim(Call& call) {
  std::size_t i = 2;
  if (!is_word(call.args[2], "maxlen") && !is_word(call.args[2], "minid")) return call.syntax_error();
  const auto bound = take_trim(call, i);
  if (!bound) return;
  if (i + 1 != call.count()) return call.syntax_error();
  const auto stream = call.fetch<StreamBox>(call.args[1], Use::write);
  if (!stream) return;
  const auto gone = *stream ? trim(*stream->box, *bound) : 0;
  if (gone > 0) call.keys().settle(*stream->entry);
  call.out.integer(static_cast<std::int64_t>(gone));
}

constexpr std::array kCommands{
    Command{"xadd", -5, kWrite | kDenyOom | kFast, 1, 1, 1, "stream", "5.0.0", "Appends an entry to a stream.", xadd},
    Command{"xdel", -3, kWrite | kFast, 1, 1, 1, "stream", "5.0.0", "Deletes entries.", xdel},
    Command{"xtrim", -4, kWrite, 1, 1, 1, "stream", "5.0.0", "Shortens a stream.", xtrim},
};

}  // namespace

std::span<const Command> stream_commands() { return kCommands; }

}  // namespace chaos::redis
