// What a command is: a row of data and one small function.
#pragma once

#include "redis/client.hpp"
#include "redis/keyspace.hpp"
#include "wire/resp_writer.hpp"

#include <optional>
#include <span>

namespace chaos::redis {

class Engine;
struct Command;

using Args = std::span<const std::string_view>;

inline constexpr std::string_view kWrongType = "WRONGTYPE Operation against a key holding the wrong kind of value";

/// A key that a command works on; both null when there is none.
template <class B>
struct Held {
  Entry* entry = nullptr;
  B* box = nullptr;
  explicit operator bool() const { return entry != nullptr; }
  B* operator->() const { return box; }
};

/// One call of a command; args[0] is its name, as the client wrote it. Lives as long as the call.
struct Call {
  using Use = Keyspace::Use;

  Engine& engine;
  Client& client;
  Args args;
  resp::Writer& out;
  const Command& command;
  LabTime now;
  bool may_block = true;         // false inside of EXEC: a blocking command answers at once
  bool failed = false;
  bool waits = false;            // it has called block()

  std::size_t count() const { return args.size(); }
  /// Answers "-ERR what" and marks the call as failed.
  void error(std::string_view text);
  void syntax_error() { error("ERR syntax error"); }
  /// The argument as a number; answers Redis' error (or `wrong`) when it is none.
  std::optional<std::int64_t> integer(std::size_t index, std::string_view wrong = {});
  std::optional<double> real(std::size_t index, std::string_view wrong = "ERR value is not a valid float");
  /// "ERR wrong number of arguments for 'name' command".
  void wrong_arity();
  Keyspace& keys() const;
  Entry* find(std::size_t index, Use use) { return find(args[index], use); }
  Entry* find(std::string_view key, Use use) { return keys().find(key, now, client.no_touch && use == Use::read ? Use::look : use); }

  /// The key as a box of one type, or as a string; nothing after an answered WRONGTYPE.
  template <class B>
  std::optional<Held<B>> fetch(std::string_view key, Use use) {
    Entry* entry = find(key, use);
    if (entry && entry->type() != B::kType) return error(kWrongType), std::nullopt;
    return Held<B>{entry, entry ? static_cast<B*>(entry->box.get()) : nullptr};
  }
  std::optional<Entry*> fetch_string(std::string_view key, Use use);
  /// The box of a key that fetch gave, made when there was none.
  template <class B>
  void make(Held<B>& held, std::string_view key) {
    if (held) return;
    held.entry = &keys().put(key, std::make_unique<B>());
    held.box = static_cast<B*>(held.entry->box.get());
  }
  /// Waits until a write changes something, and runs the command again then; until `until`, whose answer time_out writes.
  void block(RealTime until, void (*time_out)(std::string& out, int protocol));
};

enum Flag : unsigned {
  kWrite = 1, kReadonly = 2, kDenyOom = 4, kAdmin = 8, kPubsub = 16, kNoscript = 32, kBlocking = 64, kLoading = 128,
  kStale = 256, kSkipMonitor = 512, kSkipSlowlog = 1024, kFast = 2048, kNoAuth = 4096, kMovableKeys = 8192,
  kNoMulti = 1 << 14, kAllowBusy = 1 << 15, kNoAsyncLoading = 1 << 16, kNoMandatoryKeys = 1 << 17,
};

/// The one table that COMMAND, the checks before a call, statistics, MONITOR and the docs are made of.
struct Command {
  std::string_view name;      // lower case; a subcommand's own word
  int arity;                  // with the name (and the container's); negative: at least so many
  unsigned flags;
  int first_key, last_key, key_step;
  std::string_view group, since, summary;
  void (*run)(Call& call);    // null for a container: its subcommands run
  std::span<const Command> subcommands = {};
  int key_count = 0;          // the argument that says how many keys follow it; 0: none does
};

bool arity_fits(int arity, std::size_t count);
/// The places of the keys in a call; empty when there are none.
std::vector<std::size_t> key_places(const Command& command, Args args);

// The families, one file each.
std::span<const Command> string_commands();
std::span<const Command> string_part_commands();
std::span<const Command> counter_commands();
std::span<const Command> hash_commands();
std::span<const Command> hash_read_commands();
std::span<const Command> list_commands();
std::span<const Command> list_move_commands();
std::span<const Command> list_edit_commands();
std::span<const Command> set_commands();
std::span<const Command> set_algebra_commands();
std::span<const Command> zset_commands();
std::span<const Command> zset_range_commands();
std::span<const Command> zset_pop_commands();
std::span<const Command> many_pop_commands();
std::span<const Command> zset_algebra_commands();
std::span<const Command> stream_commands();
std::span<const Command> stream_read_commands();
std::span<const Command> key_commands();
std::span<const Command> key_copy_commands();
std::span<const Command> object_commands();
std::span<const Command> sort_commands();
std::span<const Command> expiry_commands();
std::span<const Command> scan_commands();
std::span<const Command> pubsub_commands();
std::span<const Command> transaction_commands();
std::span<const Command> connection_commands();
std::span<const Command> client_commands();
std::span<const Command> server_commands();
std::span<const Command> config_commands();
std::span<const Command> memory_commands();
std::span<const Command> latency_commands();
std::span<const Command> slowlog_commands();
std::span<const Command> refused_commands();
std::span<const Command> introspection_commands();

}  // namespace chaos::redis
