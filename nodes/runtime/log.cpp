#include "runtime/log.hpp"

#include "runtime/json_text.hpp"

#include <boost/json.hpp>

#include <fmt/chrono.h>
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

// RFC 3339 with milliseconds.
std::string utc_now() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:}{:06.3f}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     static_cast<double>(now.time_since_epoch().count() % 60'000) / 1000);
}

// "16:42:07" since lab midnight of the first day; hours go on beyond 24.
std::string lab_text(LabTime lab) {
  const auto s = lab.us / 1'000'000;
  return fmt::format("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

constexpr std::string_view kLevels[] = {"info", "warn", "error"};

}  // namespace

Log::Log(std::string node, const Clock& clock) : node_(std::move(node)), clock_(clock) {}

void Log::write(int level, std::string_view event, std::initializer_list<LogField> fields) {
  json::object line;
  line["time"] = utc_now();
  line["lab"] = lab_text(clock_.lab_now());
  line["level"] = kLevels[level];
  line["node"] = node_;
  line["event"] = event;
  for (const LogField& field : fields) line[field.key] = to_json(field.value);
  sink().log(spdlog::level::info, json_text(line));
}

void Log::info(std::string_view event, std::initializer_list<LogField> fields) { write(0, event, fields); }
void Log::warn(std::string_view event, std::initializer_list<LogField> fields) { write(1, event, fields); }
void Log::error(std::string_view event, std::initializer_list<LogField> fields) { write(2, event, fields); }

}  // namespace chaos
