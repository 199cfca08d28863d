// A controller's data directory: one controller at a time, and lab.json by which chaosctl finds it.
//
//   lab.json        {"pid", "grpc": "HOST:PORT", "http": "HOST:PORT", "run", "drill"}, while a controller is up
//   controller.lock held while a controller is up
//   game_master     the game master's token, readable by the owner alone
//   record.db       every run
//   logs/           controller.log, NODE.log
//   nodes/NODE/     a node's own data
#pragma once

#include "lab/refusal.hpp"
#include "launch/file_lock.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace chaos {

struct LabFile {
  int pid = 0;
  std::string grpc;
  std::string http;
  std::string run;
  std::string drill;
};

class DataDir {
 public:
  /// Makes the folders; refuses when another controller is up in it.
  static Answer<std::unique_ptr<DataDir>> open(const std::filesystem::path& path);
  /// Removes lab.json and the token, lets go of the lock.
  ~DataDir();
  DataDir(const DataDir&) = delete;

  /// Replaces lab.json in one step: a reader sees the old or the new one, whole. Why it could not; empty: done.
  std::string publish(const LabFile& lab);
  /// A new token in `game_master`.
  std::string make_token();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path record() const { return path_ / "record.db"; }
  std::filesystem::path logs() const { return path_ / "logs"; }
  std::filesystem::path nodes() const { return path_ / "nodes"; }

 private:
  DataDir(std::filesystem::path path, FileLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::filesystem::path path_;
  FileLock lock_;
};

}  // namespace chaos
