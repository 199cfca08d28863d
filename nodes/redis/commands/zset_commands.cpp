// Commands that change sorted sets and look members up (https://redis.io/docs/latest/commands/?group=sorted-set).
#include "redis/command.hpp"
#include "redis/values/text.hpp"
#include "redis/values/zset_box.hpp"

#include <array>
#include <cmath>

namespace chaos::redis {
namespace {

using Use = Keyspace::Use;

struct AddOptions { bool nx = false, xx = false, gt = false, lt = false, changed = false, incr = false; std::size_t pairs = 2; };

std::optional<AddOptions> take_add(Call& call) {
  AddOptions out;
  for (; out.pairs < call.count(); ++out.pairs) {
    const auto word = call.args[out.pairs];
    if (is_word(word, "nx")) out.nx = true;
    else if (is_word(word, "xx")) out.xx = true;
    else if (is_word(word, "gt")) out.gt = true;
    else if (is_word(word, "lt")) out.lt = true;
    else if (is_word(word, "ch")) out.changed = true;
    else if (is_word(word, "incr")) out.incr = true;
    else break;
  }
  const auto rest = call.count() - out.pairs;
  if (rest == 0 || rest % 2 != 0) return call.syntax_error(), std::nullopt;
  if (out.nx && out.xx) return call.error("ERR XX and NX options at the same time are not compatible"), std::nullopt;
  if ((out.gt && out.lt) || (out.nx && (out.gt || out.lt))) {
    return call.error("ERR GT, LT, and/or NX options at the same time are not compatible"), std::nullopt;
  }
  if (out.incr && rest > 2) return call.error("ERR INCR option supports a single increment-element pair"), std::nullopt;
  return out;
}

struct Added { std::int64_t fresh = 0, changed = 0; std::optional<double> score; };

/// Takes one pair; false when the sum is no number.
bool take_pair(ZSetBox& set, const AddOptions& options, std::string_view member, double score, Added& out) {
  const double* old = set.find(member);
  if (old && options.incr) score += *old;
  if (std::isnan(score)) return false;
  if (old ? options.nx || (options.gt && score <= *old) || (options.lt && score >= *old) : options.xx) return true;
  out.score = score;
  if (old && *old == score) return true;
  ++(old ? out.changed : out.fresh);
  set.set(member, score);
  return true;
}

void add(Call& call, const AddOptions& options, bool answers_score) {
  std::vector<double> scores;
  for (std::size_t i = options.pairs; i < call.count(); i += 2) {
    const auto score = call.real(i);
    if (!score) return;
    scores.push_back(*score);
  }
  auto set = call.fetch<ZSetBox>(call.args[1], Use::write);
  if (!set) return;
  if (!*set && options.xx) return answers_score ? call.out.nil() : call.out.integer(0);
  call.make(*set, call.args[1]);
  Added done;
  bool fine = true;
  for (std::size_t i = 0; fine && i < scores.size(); ++i) {
    fine = take_pair(*set->box, options, call.args[options.pairs + 2 * i + 1], scores[i], done);
  }
  if (done.fresh + done.changed > 0 || (*set)->size() == 0) call.keys().settle(*set->entry);
  if (!fine) return call.error("ERR resulting score is not a number (NaN)");
  if (!answers_score) return call.out.integer(options.changed ? done.fresh + done.changed : done.fresh);
  if (done.score) return call.out.number(*done.score);
  call.out.nil();
}

void zadd(Call& call) {
  const auto options = take_add(call);
  if (options) add(call, *options, options->incr);
}

void zincrby(Call& call) {
  AddOptions options;
  options.incr = true;
  add(call, options, true);
}

void zrem(Call& call) {
  const auto set = call.fetch<ZSetBox>(call.args[1], Use::write);
  if (!set) return;
  std::int64_t gone = 0;
  for (std::size_t i = 2; *set && i < call.count(); ++i) gone += (*set)->erase(call.args[i]);
  if (gone > 0) call.keys().settle(*set->entry);
  call.out.integer(gone);
}

void zcard(Call& call) {
  if (const auto set = call.fetch<ZSetBox>(call.args[1], Use::read)) call.out.integer(*set ? static_cast<std::int64_t>((*set)->size()) : 0);
}

void answer_score(Call& call, const Held<ZSetBox>& set, std::string_view member) {
  const double* score = set ? set->find(member) : nullptr;
  if (score) return call.out.number(*score);
  call.out.nil();
}

void zscore(Call& call) {
  if (const auto set = call.fetch<ZSetBox>(call.args[1], Use::read)) answer_score(call, *set, call.args[2]);
}

void zmscore(Call& call) {
  const auto set = call.fetch<ZSetBox>(call.args[1], Use::read);
  if (!set) return;
  call.out.array(call.count() - 2);
  for (const auto member : call.args.subspan(2)) answer_score(call, *set, member);
}

void rank(Call& call, bool from_the_top) {
  const auto set = call.fetch<ZSetBox>(call.args[1], Use::read);
  if (!set) return;
  if (!*set || !(*set)->find(call.args[2])) return call.out.nil();
  const auto low = (*set)->rank(call.args[2]);
  call.out.integer(static_cast<std::int64_t>(from_the_top ? (*set)->size() - 1 - low : low));
}

void zrank(Call& call) { rank(call, false); }
void zrevrank(Call& call) { rank(call, true); }

constexpr std::array kCommands{
    Command{"zadd", -4, kWrite | kDenyOom | kFast, 1, 1, 1, "sorted-set", "1.2.0",
            "Adds members with scores, or changes scores.", zadd},
    Command{"zincrby", 4, kWrite | kDenyOom | kFast, 1, 1, 1, "sorted-set", "1.2.0", "Adds to a score.", zincrby},
    Command{"zrem", -3, kWrite | kFast, 1, 1, 1, "sorted-set", "1.2.0", "Removes members.", zrem},
    Command{"zcard", 2, kReadonly | kFast, 1, 1, 1, "sorted-set", "1.2.0", "How many members there are.", zcard},
    Command{"zscore", 3, kReadonly | kFast, 1, 1, 1, "sorted-set", "1.2.0", "The score of a member.", zscore},
    Command{"zmscore", -3, kReadonly | kFast, 1, 1, 1, "sorted-set", "6.2.0", "The scores of several members.", zmscore},
    Command{"zrank", 3, kReadonly | kFast, 1, 1, 1, "sorted-set", "2.0.0",
            "The place of a member, the lowest score first.", zrank},
    Command{"zrevrank", 3, kReadonly | kFast, 1, 1, 1, "sorted-set", "2.0.0",
            "The place of a member, the highest score first.", zrevrank},
};

}  // namespace

std::span<const Command> zset_commands() { return kCommands; }

}  // namespace chaos::redis
