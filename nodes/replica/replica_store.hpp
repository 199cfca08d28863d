// A replica's copy of the database on disk, and the one writer to it.
#pragma once

#include "postgres/change_apply.hpp"
#include "replica/apply_gate.hpp"

#include <filesystem>
#include <fstream>
#include <optional>

namespace chaos {

/// Data thread only. Each base copy is a file of its own (replica-1.db, ...), named in the file "current", so that
/// sessions on the old one may end in peace.
class ReplicaStore {
 public:
  ReplicaStore(std::filesystem::path data_dir, pg::Facts& facts) : dir_(std::move(data_dir)), facts_(facts) {}

  /// Opens the copy that is there. False: there is none, or it is not usable.
  bool open(pg::ServerError& error);

  /// A new base copy: begin, write pieces, finish. Until finish succeeds the old copy stays in use.
  bool begin_copy(pg::ServerError& error);
  bool write_copy(std::string_view bytes, pg::ServerError& error);
  bool finish_copy(std::uint64_t lsn, std::int64_t at_us, pg::ServerError& error);

  /// Applies changes and notes how far it is, in one transaction.
  bool apply(const std::vector<ReceivedChange>& changes, pg::ServerError& error);

  bool is_open() const { return handle_ != nullptr; }
  const std::filesystem::path& file() const { return file_; }
  std::uint64_t applied() const { return applied_; }
  std::int64_t applied_at_us() const { return applied_at_us_; }
  std::uint64_t system_id() const { return system_id_; }

 private:
  bool open_file(const std::filesystem::path& file, pg::ServerError& error);
  std::optional<std::int64_t> control(const char* name);
  bool note_position(std::uint64_t lsn, std::int64_t at_us, pg::ServerError& error);
  void remove_others();

  std::filesystem::path dir_;
  pg::Facts& facts_;
  std::filesystem::path file_;
  std::filesystem::path copy_file_;
  std::ofstream copy_;
  std::unique_ptr<pg::Handle> handle_;
  std::unique_ptr<pg::ChangeApply> apply_;
  std::uint64_t applied_ = 0;
  std::int64_t applied_at_us_ = 0;
  std::uint64_t system_id_ = 0;
};

}  // namespace chaos
