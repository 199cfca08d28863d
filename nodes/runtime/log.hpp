// One JSON object a line on standard output: lab time, node, level, event, and what the caller adds.
#pragma once

#include "runtime/clock.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace chaos {

using LogValue = std::variant<std::string, std::int64_t, double, bool>;
struct LogField {
  std::string_view key;
  LogValue value;
};

/// Any thread. Never called once a request on the good path: events and failures only.
class Log {
 public:
  /// The lab time is read from `clock` on the data thread; other threads log without it.
  Log(std::string node, const Clock& clock);
  void info(std::string_view event, std::initializer_list<LogField> fields = {});
  void warn(std::string_view event, std::initializer_list<LogField> fields = {});
  void error(std::string_view event, std::initializer_list<LogField> fields = {});

 private:
  void write(int level, std::string_view event, std::initializer_list<LogField> fields);
  std::string node_;
  const Clock& clock_;
};

}  // namespace chaos
