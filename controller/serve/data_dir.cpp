#include "serve/data_dir.hpp"

#include "runtime/json_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <fstream>
#include <random>

namespace chaos {

namespace fs = std::filesystem;

Answer<std::unique_ptr<DataDir>> DataDir::open(const fs::path& path) {
  std::error_code ec;
  const fs::path whole = fs::absolute(path, ec);
  for (const char* folder : {"logs", "nodes"}) {
    fs::create_directories(whole / folder, ec);
    if (ec) return Refusal{Refusal::Kind::invalid, fmt::format("{}: {}", (whole / folder).string(), ec.message())};
  }
  auto lock = FileLock::take(whole / "controller.lock");
  if (!lock && lock.error() != boost::system::errc::resource_unavailable_try_again) {
    return Refusal{Refusal::Kind::invalid, fmt::format("{}: {}", (whole / "controller.lock").string(), lock.error().message())};
  }
  if (!lock) {
    return Refusal{Refusal::Kind::not_now, fmt::format("a controller is already up in {}; end it (chaosctl down) or take another data directory (--data DIR)", whole.string())};
  }
  fs::remove(whole / "lab.json", ec);      // of a controller that was killed
  return std::unique_ptr<DataDir>(new DataDir(whole, std::move(*lock)));
}

DataDir::~DataDir() {
  std::error_code ec;
  fs::remove(path_ / "lab.json", ec);
  fs::remove(path_ / "game_master", ec);
}

std::string DataDir::publish(const LabFile& lab) {
  const boost::json::object object{{"pid", lab.pid}, {"grpc", lab.grpc}, {"http", lab.http}, {"run", lab.run}, {"drill", lab.drill}};
  const fs::path fresh = path_ / "lab.json.new";
  std::ofstream out(fresh);
  out << json_text(object) << "\n" << std::flush;
  if (!out) return fresh.string() + " cannot be written";
  std::error_code ec;
  fs::rename(fresh, path_ / "lab.json", ec);
  return ec ? fresh.string() + ": " + ec.message() : std::string{};
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
