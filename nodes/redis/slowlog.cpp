#include "redis/slowlog.hpp"

namespace chaos::redis {
namespace {

constexpr std::size_t kArgs = 32;
constexpr std::size_t kBytes = 128;

std::vector<std::string> shortened(std::span<const std::string_view> args) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args.size() > kArgs && i == kArgs - 1) {
      out.push_back("... (" + std::to_string(args.size() - kArgs + 1) + " more arguments)");
      break;
    }
    out.emplace_back(args[i].substr(0, kBytes));
    if (args[i].size() > kBytes) out.back() += "... (" + std::to_string(args[i].size() - kBytes) + " more bytes)";
  }
  return out;
}

}  // namespace

void Slowlog::add(SlowEntry entry, std::span<const std::string_view> args, std::size_t most) {
  entry.id = next_id_++;
  entry.args = shortened(args);
  entries_.push_front(std::move(entry));
  trim(most);
}

void Slowlog::trim(std::size_t most) {
  while (entries_.size() > most) entries_.pop_back();
}

}  // namespace chaos::redis
