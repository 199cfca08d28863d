// Commands that read streams.
#include "redis/blocking.hpp"
#include "redis/engine.hpp"
#include "redis/stream_ids.hpp"
#include "redis/values/text.hpp"

#include <array>
#include <charconv>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

bool parse_part(std::string_view text, std::uint64_t& out) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  return code == std::errc() && end == text.data() + text.size();
}

void answer_entry(resp::Writer& out, StreamId id, const StreamBox::Fields& fields) {
  out.array(2);
  out.bulk(id.text());
  out.array(fields.size());
  for (const auto& text : fields) out.bulk(text);
}

void xlen(Call& call) {
  if (const auto stream = call.fetch<StreamBox>(call.args[1], Use::read)) call.out.integer(*stream ? static_cast<std::int64_t>((*stream)->size()) : 0);
}

/// "-", "+", "5", "5-1", "(5-1"; nothing after an answered error.
std::optional<StreamId> take_bound(Call& call, std::string_view text, bool lowest) {
  if (text == "-") return StreamId{};
  if (text == "+") return StreamId{UINT64_MAX, UINT64_MAX};
  const bool exclusive = text.starts_with('(');
  const auto id = stream_id(exclusive ? text.substr(1) : text, lowest ? 0 : UINT64_MAX);
  if (!id) return call.error(kBadStreamId), std::nullopt;
  if (!exclusive) return id;
  const auto moved = lowest ? id->next() : id->previous();
  if (!moved) call.error(lowest ? "ERR invalid start ID for the interval" : "ERR invalid end ID for the interval");
  return moved;
}

void answer_range(Call& call, bool reverse) {
  const auto low = take_bound(call, call.args[reverse ? 3 : 2], true);
  if (!low) return;
  const auto high = take_bound(call, call.args[reverse ? 2 : 3], false);
  if (!high) return;
  std::optional<std::int64_t> most = INT64_MAX;
  if (call.count() == 6 && is_word(call.args[4], "count")) most = call.integer(5);
  else if (call.count() != 4) return call.syntax_error();
  if (!most) return;
  const auto stream = call.fetch<StreamBox>(call.args[1], Use::read);
  if (!stream) return;
  if (*stream && *most <= 0) return call.out.nil_array();   // as Redis: of a stream that is there
  std::vector<std::map<StreamId, StreamBox::Fields>::const_iterator> found;
  if (*stream && *low <= *high) {
    const auto& entries = (*stream)->entries();
    const auto first = entries.lower_bound(*low), last = entries.upper_bound(*high);
    const auto more = [&] { return static_cast<std::int64_t>(found.size()) < *most; };
    for (auto at = last; reverse && at != first && more();) found.push_back(--at);
    for (auto at = first; !reverse && at != last && more(); ++at) found.push_back(at);
  }
  call.out.array(found.size());
  for (const auto& at : found) answer_entry(call.out, at->first, at->second);
}

void xrange(Call& call) { answer_range(call, false); }
void xrevrange(Call& call) { answer_range(call, true); }

struct ReadPlan {
  std::int64_t most = INT64_MAX;
  std::optional<RealTime> until;
  Args keys;
  std::vector<StreamId> after;
};

/// XREAD [COUNT n] [BLOCK ms] STREAMS key... id...
std::optional<ReadPlan> take_read(Call& call) {
  ReadPlan plan;
  std::size_t i = 1;
  for (; i + 1 < call.count() && !is_word(call.args[i], "streams"); i += 2) {
    const bool block = is_word(call.args[i], "block");
    if (!block && !is_word(call.args[i], "count")) return call.syntax_error(), std::nullopt;
    const auto value = block ? call.integer(i + 1, "ERR timeout is not an integer or out of range") : call.integer(i + 1);
    if (!value) return std::nullopt;
    if (block && *value < 0) return call.error("ERR timeout is negative"), std::nullopt;
    if (block) plan.until = *value == 0 ? RealTime::max() : call.engine.clock.now() + std::chrono::milliseconds(std::min<std::int64_t>(*value, 1'000'000'000'000));
    else plan.most = *value <= 0 ? INT64_MAX : *value;
  }
  if (i + 2 >= call.count() || (call.count() - i - 1) % 2 != 0) {
    return call.error("ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified."), std::nullopt;
  }
  const auto count = (call.count() - i - 1) / 2;
  plan.keys = call.args.subspan(i + 1, count);
  for (std::size_t k = 0; k < count; ++k) {
    const auto text = call.args[i + 1 + count + k];
    const auto stream = call.fetch<StreamBox>(plan.keys[k], Use::read);
    if (!stream) return std::nullopt;
    const auto id = text == "$" ? std::optional(*stream ? (*stream)->last_id() : StreamId{}) : stream_id(text, 0);
    if (!id) return call.error(kBadStreamId), std::nullopt;
    plan.after.push_back(*id);
  }
  return plan;
}

std::vector<std::size_t> with_news(Call& call, const ReadPlan& plan) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    const auto stream = call.fetch<StreamBox>(plan.keys[k], Use::peek);
    if (stream && *stream && (*stream)->entries().upper_bound(plan.after[k]) != (*stream)->entries().end()) out.push_back(k);
  }
  return out;
}

void answer_stream(Call& call, const ReadPlan& plan, std::size_t k) {
  const auto stream = call.fetch<StreamBox>(plan.keys[k], Use::peek);
  const auto& entries = (*stream)->entries();
  const auto first = entries.upper_bound(plan.after[k]);
  const auto count = std::min<std::int64_t>(plan.most, std::distance(first, entries.end()));
  if (call.out.protocol() < 3) call.out.array(2);
  call.out.bulk(plan.keys[k]);
  call.out.array(static_cast<std::size_t>(count));
  auto at = first;
  for (std::int64_t n = 0; n < count; ++n, ++at) answer_entry(call.out, at->first, at->second);
}

void xread(Call& call) {
  const auto plan = take_read(call);
  if (!plan) return;
  const auto news = with_news(call, *plan);
  if (news.empty() && !plan->until) return call.out.nil_array();
  if (news.empty()) {
    wait_or_nil(call, *plan->until, nil_array);
    // What "$" means now must be kept for the time when there is something.
    if (call.waits && call.client.blocked) {
      auto& args = call.client.blocked->args;
      for (std::size_t k = 0; k < plan->after.size(); ++k) args[args.size() - plan->after.size() + k] = plan->after[k].text();
    }
    return;
  }
  call.out.protocol() >= 3 ? call.out.map(news.size()) : call.out.array(news.size());
  for (const auto k : news) answer_stream(call, *plan, k);
}

constexpr std::array kCommands{
    Command{"xlen", 2, kReadonly | kFast, 1, 1, 1, "stream", "5.0.0", "How many entries a stream has.", xlen},
    Command{"xrange", -4, kReadonly, 1, 1, 1, "stream", "5.0.0", "Entries by id.", xrange},
    Command{"xrevrange", -4, kReadonly, 1, 1, 1, "stream", "5.0.0", "Entries by id, the latest first.", xrevrange},
    Command{"xread", -4, kReadonly | kBlocking | kMovableKeys, 0, 0, 0, "stream", "5.0.0",
            "Entries after an id of several streams, or waits for some.", xread},
};

}  // namespace

std::optional<StreamId> stream_id(std::string_view text, std::uint64_t missing) {
  StreamId out{0, missing};
  const auto dash = text.find('-');
  if (!parse_part(text.substr(0, dash), out.ms)) return std::nullopt;
  if (dash != std::string_view::npos && !parse_part(text.substr(dash + 1), out.seq)) return std::nullopt;
  return out;
}

std::span<const Command> stream_read_commands() { return kCommands; }

}  // namespace chaos::redis
