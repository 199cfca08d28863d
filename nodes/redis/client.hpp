// A connected client, as the engine knows it and CLIENT LIST shows it.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::redis {

struct Row;

/// Between MULTI and EXEC.
struct Transaction {
  struct Queued { const Row* row; std::vector<std::string> args; };
  std::vector<Queued> queue;
  std::size_t bytes = 0;             // of the queued arguments
  bool broken = false;               // a command was refused: EXEC answers EXECABORT
};

/// A key under WATCH, and its version then (0: no such key; `made` tells whether there was one since).
struct Watched { std::string key; std::uint64_t version; std::shared_ptr<const bool> made; };

/// A command that waits for keys (BLPOP and its like).
struct Blocked {
  const Row* row;
  std::vector<std::string> args;
  RealTime until;                    // RealTime::max(): for ever
  void (*time_out)(std::string& out, int protocol);   // writes the answer of one whose time is over
};

struct Client {
  std::uint64_t id = 0;              // given by Engine::join
  std::string remote, local;         // "127.0.0.1:4711"
  int descriptor = -1;
  std::string name, lib_name, lib_version;
  RealTime connected{}, last_used{};
  std::string_view last_command = "NULL";
  int protocol = 2;
  bool authenticated = false;        // knows the password, or there was none when it came
  bool closing = false;              // close after the answer
  bool busy = false;                 // its session serves commands, and will send what stands in `out`
  bool monitor = false;
  bool no_evict = false, no_touch = false;
  enum class Reply { on, off, skip_next, skip } reply = Reply::on;
  std::size_t unread = 0;            // bytes received and not yet served
  std::size_t sending = 0;           // bytes taken out of `out` that the peer has not taken yet
  std::optional<RealTime> soft_limit_since;
  std::optional<Transaction> transaction;
  std::vector<Watched> watched;
  std::set<std::string, std::less<>> channels, patterns;
  std::optional<Blocked> blocked;
  std::string out;                   // answers and messages that are to be sent
  std::function<void()> close;       // closes the connection at once
  std::function<void()> wake;        // `out` has something to send, or `blocked` is over, and the session is not busy

  bool subscribed() const { return !channels.empty() || !patterns.empty(); }
  std::size_t output() const { return out.size() + sending; }
};

}  // namespace chaos::redis
