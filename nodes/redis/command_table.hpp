// Every command with what is counted of it.
#pragma once

#include "redis/command.hpp"
#include "redis/latency_counts.hpp"

#include <memory>
#include <unordered_map>
#include <vector>

namespace chaos::redis {

/// A command or a subcommand ("config|get"). What is counted changes through const rows: the table itself stands.
struct Row {
  std::string name;
  const Command* command;
  std::size_t index;             // of rows()
  std::string_view operation;    // the command, or the container's name: a word for statistics and faults
  std::vector<const Row*> subcommands;

  struct Counts {
    std::uint64_t calls = 0, rejected = 0, failed = 0;
    RealDuration spent{};
    std::unique_ptr<LatencyCounts> latency;      // made at the first call
  };
  mutable Counts counts;
};

class CommandTable {
 public:
  CommandTable();
  /// By args[0], and args[1] for a container; a container whose subcommand is unknown gives its own row. Null: unknown.
  const Row* find(Args args) const;
  /// By "get" or "config|get".
  const Row* find_name(std::string_view name) const;
  const Row& row_of(const Command& command) const { return *by_command_.at(&command); }
  /// The commands, without subcommands.
  const std::vector<const Row*>& commands() const { return commands_; }
  /// Subcommands too; containers too.
  const std::vector<std::unique_ptr<Row>>& rows() const { return rows_; }
  void reset() const;

 private:
  const Row& add(const Command& command, std::string_view container);

  std::vector<std::unique_ptr<Row>> rows_;
  std::vector<const Row*> commands_;
  std::unordered_map<std::string_view, const Row*> by_name_;
  std::unordered_map<const Command*, const Row*> by_command_;
};

}  // namespace chaos::redis
