// A server without sessions.
#pragma once

#include "postgres/catalog/equip.hpp"
#include "postgres/state/facts.hpp"

namespace chaos::pg {

class FakeFacts final : public Facts {
 public:
  void equip(Handle& handle) override { equip_handle(handle); }
  Backends& backends() override { return all; }
  std::vector<ReplicationRow> replication() const override { return {}; }
  std::optional<ReceiverRow> receiver() const override { return std::nullopt; }
  bool in_recovery() const override { return false; }
  Lsn write_lsn() const override { return 0; }
  std::optional<Lsn> receive_lsn() const override { return std::nullopt; }
  std::optional<Lsn> replay_lsn() const override { return std::nullopt; }
  std::optional<std::int64_t> replay_time_us() const override { return std::nullopt; }
  std::int64_t start_time_us() const override { return 0; }
  std::vector<Setting> settings() const override { return {}; }

  Backends all;
};

}  // namespace chaos::pg
