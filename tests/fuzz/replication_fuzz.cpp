// What a replication session reads from the other end: commands, records with their row changes, timeline histories.
#include "postgres/replication/replication_command.hpp"
#include "postgres/state/change_record.hpp"
#include "postgres/state/timeline.hpp"

#include <cstdlib>

using namespace chaos::pg;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  ReplicationCommand command;
  ServerError error;
  if (parse_replication_command(input, command, error) == !error.message.empty()) std::abort();
  const auto history = read_history(input);
  if (read_history(write_history(history)) != history) std::abort();
  WireRecord record;
  if (read_record(input, record) && write_record(record).size() != size) std::abort();
  ChangeReader reader(input);
  Change change;
  while (reader.next(change)) {
    std::string again;
    append_change(again, change);
    if (again.empty()) std::abort();
  }
  return 0;
}
