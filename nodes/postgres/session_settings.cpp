#include "postgres/session_settings.hpp"

#include "postgres/sql_error.hpp"

#include <algorithm>
#include <charconv>

namespace chaos::pg {

namespace {

// What a session may set, and its default.
const std::map<std::string_view, std::string_view>& session_defaults() {
  static const std::map<std::string_view, std::string_view> defaults{
      {"application_name", ""}, {"client_encoding", "UTF8"}, {"datestyle", "ISO, MDY"}, {"intervalstyle", "postgres"},
      {"timezone", "UTC"}, {"search_path", "\"$user\", public"}, {"statement_timeout", "0"}, {"lock_timeout", "0"},
      {"idle_in_transaction_session_timeout", "0"}, {"extra_float_digits", "1"}, {"standard_conforming_strings", "on"},
      {"client_min_messages", "notice"}, {"default_transaction_isolation", "read committed"},
      {"transaction_isolation", "read committed"}, {"default_transaction_read_only", "off"}, {"bytea_output", "hex"},
      {"synchronous_commit", "on"}, {"work_mem", "4MB"}, {"row_security", "on"}, {"session_authorization", "default"}, {"role", "none"},
      {"jit", "off"}, {"enable_seqscan", "on"}, {"geqo", "on"}, {"check_function_bodies", "on"}, {"xmloption", "content"}};
  return defaults;
}

std::string lower(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

bool is_time(std::string_view name) {
  return name == "statement_timeout" || name == "lock_timeout" || name == "idle_in_transaction_session_timeout";
}

}  // namespace

std::optional<double> SessionSettings::milliseconds(std::string_view text) {
  double number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || number < 0) return std::nullopt;
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  if (unit.empty() || unit == "ms") return number;
  if (unit == "s") return number * 1e3;
  if (unit == "min") return number * 6e4;
  return unit == "h" ? std::optional(number * 3.6e6) : std::nullopt;
}

bool SessionSettings::set(const std::string& given, std::string value, ServerError& error) {
  const std::string name = lower(given);
  if (!session_defaults().contains(name) && name.find('.') == std::string::npos) {
    const bool server = std::any_of(server_.begin(), server_.end(), [&](const Setting& s) { return s.name == name; });
    error = server ? make_error("55P02", "parameter \"" + name + "\" cannot be changed now")
                   : make_error("42704", "unrecognized configuration parameter \"" + name + "\"");
    return false;
  }
  if (value.empty() && name == "application_name") return own_.erase(name), true;
  if (lower(value) == "default") return own_.erase(name), true;
  if (is_time(name) && !milliseconds(value)) {
    error = make_error("22023", "invalid value for parameter \"" + name + "\": \"" + value + "\"");
    return false;
  }
  if (name == "client_encoding" && lower(value) != "utf8" && lower(value) != "utf-8" && lower(value) != "unicode" && lower(value) != "sql_ascii") {
    error = make_error("22023", "invalid value for parameter \"client_encoding\": \"" + value + "\"");
    return false;
  }
  own_[name] = std::move(value);
  return true;
}

void SessionSettings::reset(const std::string& name) {
  if (name.empty() || name == "all") own_.clear();
  else own_.erase(lower(name));
}

std::optional<std::string> SessionSettings::get(const std::string& given) const {
  const std::string name = lower(given);
  if (const auto own = own_.find(name); own != own_.end()) return own->second;
  if (const auto preset = session_defaults().find(name); preset != session_defaults().end()) return std::string(preset->second);
  for (const Setting& setting : server_) {
    if (setting.name == name) return setting.value;
  }
  return std::nullopt;
}

bool SessionSettings::show(const std::string& name, std::string& out, ServerError& error) const {
  const auto value = get(name);
  if (value) out = *value;
  else error = make_error("42704", "unrecognized configuration parameter \"" + name + "\"");
  return value.has_value();
}

std::vector<Setting> SessionSettings::all() const {
  std::vector<Setting> out = server_;
  for (const auto& [name, preset] : session_defaults()) out.push_back({name, get(std::string(name)).value_or("")});
  std::sort(out.begin(), out.end(), [](const Setting& a, const Setting& b) { return a.name < b.name; });
  return out;
}

std::string_view SessionSettings::reported(const std::string& given) {
  static const std::map<std::string_view, std::string_view> names{
      {"application_name", "application_name"}, {"client_encoding", "client_encoding"}, {"datestyle", "DateStyle"},
      {"intervalstyle", "IntervalStyle"}, {"timezone", "TimeZone"}, {"standard_conforming_strings", "standard_conforming_strings"},
      {"session_authorization", "session_authorization"}, {"default_transaction_read_only", "default_transaction_read_only"}};
  const auto found = names.find(lower(given));
  return found == names.end() ? std::string_view{} : found->second;
}

}  // namespace chaos::pg
