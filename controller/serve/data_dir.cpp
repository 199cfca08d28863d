#include "serve/data_dir.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <fstream>
#include <random>
#include <sys/file.h>
#include <unistd.h>

namespace chaos {

namespace fs = std::filesystem;

Answer<std::unique_ptr<DataDir>> DataDir::open(const fs::path& path) {
  std::error_code ec;
  const fs::path whole = fs::absolute(path, ec);
  for (const char* folder : {"logs", "nodes"}) fs::create_directories(whole / folder, ec);
  if (ec) return Refusal{Refusal::Kind::invalid, fmt::format("{}: {}", whole.string(), ec.message())};
  const int lock = ::open((whole / "controller.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return Refusal{Refusal::Kind::invalid, fmt::format("{}: cannot be written", (whole / "controller.lock").string())};
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return Refusal{Refusal::Kind::not_now, fmt::format("a controller is already up in {}; end it (chaosctl down) or take another data directory (--data DIR)", whole.string())};
  }
  return std::unique_ptr<DataDir>(new DataDir(whole, lock));
}

DataDir::~DataDir() {
  std::error_code ec;
  fs::remove(path_ / "lab.json", ec);
  fs::remove(path_ / "game_master", ec);
  close(lock_);
}

void DataDir::publish(const LabFile& lab) {
  const boost::json::object object{{"pid", lab.pid}, {"grpc", lab.grpc}, {"http", lab.http}, {"run", lab.run}, {"drill", lab.drill}};
  const fs::path fresh = path_ / "lab.json.new";
  std::ofstream(fresh) << boost::json::serialize(object) << "\n";
  std::error_code ec;
  fs::rename(fresh, path_ / "lab.json", ec);
}

std::string DataDir::make_token() {
  std::random_device chance;
  const std::string token = fmt::format("{:08x}{:08x}{:08x}{:08x}", chance(), chance(), chance(), chance());
  const fs::path file = path_ / "game_master";
  std::ofstream out(file);
  std::error_code ec;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ec);
  out << token << "\n";
  return token;
}

}  // namespace chaos
