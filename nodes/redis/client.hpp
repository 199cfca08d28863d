// A connected client, as CLIENT LIST shows it.
#pragma once

#include "runtime/units.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace chaos::redis {

struct Client {
  std::uint64_t id = 0;              // given by Engine::join
  std::string remote, local;         // "127.0.0.1:4711"
  std::string name, lib_name, lib_version;
  RealTime connected{}, last_used{};
  std::string_view last_command = "NULL";
  int protocol = 2;
  bool closing = false;              // close after the answer
  bool busy = false;                 // has commands in service or answers to send
  std::size_t unread = 0;            // bytes received and not yet served
  std::function<void()> close;       // closes the connection at once
};

}  // namespace chaos::redis
