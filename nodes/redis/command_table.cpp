#include "redis/command_table.hpp"

#include "redis/values/text.hpp"

#include <array>

namespace chaos::redis {
namespace {

constexpr std::array kFamilies{
    &string_commands,    &string_part_commands, &counter_commands,   &hash_commands,       &hash_read_commands,  &list_commands,
    &list_move_commands, &list_edit_commands,   &set_commands,       &set_algebra_commands, &zset_commands,      &zset_range_commands,
    &zset_pop_commands, &many_pop_commands, &zset_algebra_commands, &stream_commands,   &stream_read_commands, &key_commands,       &key_copy_commands,
    &object_commands,    &sort_commands,        &expiry_commands,    &scan_commands,       &pubsub_commands,     &transaction_commands,
    &connection_commands, &client_commands,     &server_commands,    &config_commands,     &memory_commands,     &latency_commands,
    &slowlog_commands,   &refused_commands,     &introspection_commands};

}  // namespace

CommandTable::CommandTable() {
  for (const auto family : kFamilies) {
    for (const auto& command : family()) commands_.push_back(&add(command, {}));
  }
}

const Row& CommandTable::add(const Command& command, std::string_view container) {
  std::string name(container);
  if (!name.empty()) name += '|';
  name += command.name;
  auto* row = rows_.emplace_back(new Row{std::move(name), &command, rows_.size(), container.empty() ? command.name : container, {}, {}}).get();
  by_name_.emplace(row->name, row);
  by_command_.emplace(&command, row);
  for (const auto& sub : command.subcommands) row->subcommands.push_back(&add(sub, command.name));
  return *row;
}

const Row* CommandTable::find(Args args) const {
  const auto name = args[0];
  std::array<char, 32> folded;
  if (name.size() > folded.size() || name.find('|') != std::string_view::npos) return nullptr;
  std::transform(name.begin(), name.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  const auto found = by_name_.find(std::string_view(folded.data(), name.size()));
  if (found == by_name_.end()) return nullptr;
  const Row* row = found->second;
  if (args.size() < 2) return row;
  for (const auto* sub : row->subcommands) {
    if (is_word(args[1], sub->command->name)) return sub;
  }
  return row;
}

const Row* CommandTable::find_name(std::string_view name) const {
  const auto found = by_name_.find(lower(name));
  return found == by_name_.end() ? nullptr : found->second;
}

void CommandTable::reset() const {
  for (const auto& row : rows_) row->counts = {};
}

}  // namespace chaos::redis
