// What a command is: a row of data and one small function.
#pragma once

#include "redis/keyspace.hpp"
#include "wire/resp_writer.hpp"

#include <optional>
#include <span>

namespace chaos::redis {

class Engine;
struct Client;
struct Command;

using Args = std::span<const std::string_view>;

/// One call of a command; args[0] is its name, as the client wrote it. Lives as long as the call.
struct Call {
  Engine& engine;
  Client& client;
  Args args;
  resp::Writer& out;
  const Command& command;
  LabTime now;
  bool failed = false;

  /// Answers "-ERR what" and marks the call as failed.
  void error(std::string_view text);
  void syntax_error() { error("ERR syntax error"); }
  /// The argument as a number; answers Redis' error when it is none.
  std::optional<std::int64_t> integer(std::size_t index);
  /// "ERR wrong number of arguments for 'name' command"; `sub` gives 'name|sub'.
  void wrong_arity(std::string_view sub = {});
  Keyspace& keys() const;
  Entry* find(std::size_t index, Keyspace::Use use) { return keys().find(args[index], now, use); }
};

enum Flag : unsigned { kReadonly = 1, kWrite = 2, kDenyOom = 4, kFast = 8, kAdmin = 16, kLoading = 32, kStale = 64, kNoAuth = 128 };

struct Command {
  std::string_view name;      // lower case
  int arity;                  // with the name; negative: at least so many
  unsigned flags;
  int first_key, last_key, key_step;
  std::string_view group, summary;
  void (*run)(Call& call);
};

/// A command inside a container such as CONFIG or CLIENT.
struct Subcommand {
  std::string_view name;      // lower case
  int arity;
  void (*run)(Call& call);
};

bool arity_fits(int arity, std::size_t count);
/// Runs the subcommand that args[1] names, or answers Redis' error.
void run_subcommand(Call& call, std::span<const Subcommand> table);

// The families, one file each.
std::span<const Command> string_commands();
std::span<const Command> counter_commands();
std::span<const Command> key_commands();
std::span<const Command> expiry_commands();
std::span<const Command> connection_commands();
std::span<const Command> client_commands();
std::span<const Command> server_commands();
std::span<const Command> introspection_commands();

}  // namespace chaos::redis
