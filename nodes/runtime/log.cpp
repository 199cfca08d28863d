#include "runtime/log.hpp"

#include <boost/json.hpp>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace chaos {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxText = 2000;

json::value to_json(const LogValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return json::value(std::string_view(*text).substr(0, kMaxText));
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::get<bool>(value);
}

spdlog::logger& sink() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>("out", std::make_shared<spdlog::sinks::stdout_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

constexpr std::string_view kLevels[] = {"info", "warn", "error"};

}  // namespace

Log::Log(std::string node, const Clock& clock) : node_(std::move(node)), clock_(clock) {}

void Log::write(int level, std::string_view event, std::initializer_list<LogField> fields) {
  const auto unix_us = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
  json::object line;
  line["time"] = static_cast<double>(unix_us.count()) / 1e6;
  line["lab_s"] = clock_.lab_now().seconds();
  line["level"] = kLevels[level];
  line["node"] = node_;
  line["event"] = event;
  for (const LogField& field : fields) line[field.key] = to_json(field.value);
  sink().log(spdlog::level::info, json::serialize(line));
}

void Log::info(std::string_view event, std::initializer_list<LogField> fields) { write(0, event, fields); }
void Log::warn(std::string_view event, std::initializer_list<LogField> fields) { write(1, event, fields); }
void Log::error(std::string_view event, std::initializer_list<LogField> fields) { write(2, event, fields); }

}  // namespace chaos
