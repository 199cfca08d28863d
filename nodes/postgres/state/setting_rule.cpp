#include "postgres/state/setting_rule.hpp"

#include "postgres/base/sql_error.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace chaos::pg {

namespace {

struct Unit { std::string_view name; double size; };
// From the largest to the smallest; sizes in milliseconds and in bytes.
constexpr Unit kTimes[] = {{"d", 86.4e6}, {"h", 3.6e6}, {"min", 6e4}, {"s", 1e3}, {"ms", 1}, {"us", 1e-3}};
constexpr Unit kSizes[] = {{"TB", 0x1p40}, {"GB", 0x1p30}, {"MB", 0x1p20}, {"kB", 0x1p10}, {"B", 1}};

bool is_time(std::string_view unit) { return unit == "ms" || unit == "s" || unit == "min"; }
std::span<const Unit> units_of(std::string_view unit) {
  if (unit.empty()) return {};
  return is_time(unit) ? std::span<const Unit>(kTimes) : std::span<const Unit>(kSizes);
}
double size_of(std::string_view unit) {
  if (unit == "8kB") return 8192;
  for (const Unit& known : units_of(unit)) {
    if (known.name == unit) return known.size;
  }
  return 1;
}

bool refuse(ServerError& error, const SettingRule& rule, std::string_view given, std::string hint = {}) {
  error = make_error("22023", "invalid value for parameter \"" + std::string(rule.name) + "\": \"" + std::string(given) + "\"");
  error.hint = std::move(hint);
  return false;
}

std::string units_hint(const SettingRule& rule) {
  if (rule.unit.empty()) return {};
  return is_time(rule.unit) ? "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\"."
                            : "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".";
}

std::string number_text(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "%.15g", number);
  return text;
}

bool read_number(const SettingRule& rule, std::string_view given, std::string& value, ServerError& error) {
  double number = 0;
  const auto [end, ec] = std::from_chars(given.data(), given.data() + given.size(), number);
  if (ec != std::errc()) return refuse(error, rule, given);
  std::string_view unit(end, static_cast<std::size_t>(given.data() + given.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  const auto units = units_of(rule.unit);
  const auto known = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == unit; });
  if (!unit.empty() && known == units.end()) return refuse(error, rule, given, units_hint(rule));
  if (!unit.empty()) number *= known->size / size_of(rule.unit);
  if (rule.type == SettingType::integer) number = std::rint(number);
  const double least = std::atof(std::string(rule.min).c_str()), most = std::atof(std::string(rule.max).c_str());
  value = number_text(number);
  if (number >= least && number <= most) return true;
  const std::string with_unit = rule.unit.empty() ? value : value + " " + std::string(rule.unit);
  error = make_error("22023", with_unit + " is outside the valid range for parameter \"" + std::string(rule.name) + "\" (" +
                                  std::string(rule.min) + " .. " + std::string(rule.max) + ")");
  return false;
}

bool read_boolean(const SettingRule& rule, std::string_view given, std::string& value, ServerError& error) {
  const std::string word = lower(given);
  const auto begins = [&](std::string_view whole, std::size_t least) { return word.size() >= least && whole.starts_with(word); };
  if (begins("on", 2) || begins("true", 1) || begins("yes", 1) || word == "1") return value = "on", true;
  if (begins("off", 2) || begins("false", 1) || begins("no", 1) || word == "0") return value = "off", true;
  error = make_error("22023", "parameter \"" + std::string(rule.name) + "\" requires a Boolean value");
  return false;
}

bool read_word(const SettingRule& rule, std::string_view given, std::string& value, ServerError& error) {
  std::string list;
  for (std::string_view rest = rule.values; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(','));
    if (lower(given) == lower(word)) return value = word, true;
    list += (list.empty() ? "" : ", ") + std::string(word);
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return refuse(error, rule, given, "Available values: " + list + ".");
}

// Dates are shown in ISO's order only; the order of the fields that are read is kept as it was said.
bool read_date_style(const SettingRule& rule, std::string_view given, std::string& value, ServerError& error) {
  std::string order = "MDY", word;
  for (const char c : lower(given) + ",") {
    if (c != ',' && c != ' ') {
      word.push_back(c);
      continue;
    }
    if (word == "dmy" || word == "euro" || word == "european") order = "DMY";
    else if (word == "ymd") order = "YMD";
    else if (word == "mdy" || word == "us") order = "MDY";
    else if (!word.empty() && word != "iso" && word != "default") {
      refuse(error, rule, given);
      error.detail = word == "sql" || word == "postgres" || word == "german" ? "Dates are shown in the ISO format alone." : "Unrecognized key word: \"" + word + "\".";
      return false;
    }
    word.clear();
  }
  value = "ISO, " + order;
  return true;
}

bool read_text(const SettingRule& rule, std::string_view given, std::string& value, ServerError& error) {
  const std::string word = lower(given);
  value = given;
  if (rule.name == "DateStyle") return read_date_style(rule, given, value, error);
  if (rule.name == "TimeZone") {
    static constexpr std::string_view kSame[] = {"utc", "etc/utc", "gmt", "z", "zulu", "uct", "0", "+00", "+00:00", "utc0"};
    if (std::find(std::begin(kSame), std::end(kSame), word) != std::end(kSame)) return true;
    refuse(error, rule, given);
    error.detail = "Times are shown in UTC alone.";
    return false;
  }
  if (rule.name == "client_encoding") {
    value = "UTF8";
    return word == "utf8" || word == "utf-8" || word == "unicode" || word == "sql_ascii" || refuse(error, rule, given);
  }
  if (rule.name == "application_name") {       // NAMEDATALEN - 1, printable ASCII
    value.resize(std::min<std::size_t>(value.size(), 63));
    std::replace_if(value.begin(), value.end(), [](char c) { return c < 32 || c > 126; }, '?');
  }
  return true;
}

}  // namespace

const SettingRule* find_setting(std::string_view name) {
  const std::string wanted = lower(name);
  for (const SettingRule& rule : setting_rules()) {
    if (rule.name.size() == wanted.size() && lower(rule.name) == wanted) return &rule;
  }
  return nullptr;
}

bool for_superusers(const SettingRule& rule) { return rule.name == "data_directory" || rule.name == "shared_preload_libraries"; }

std::string_view context_word(SettingContext context) {
  static constexpr std::string_view kWords[] = {"internal", "postmaster", "sighup", "superuser", "user"};
  return kWords[static_cast<std::size_t>(context)];
}

std::string_view type_word(SettingType type) {
  static constexpr std::string_view kWords[] = {"bool", "integer", "real", "string", "enum"};
  return kWords[static_cast<std::size_t>(type)];
}

bool read_setting(const SettingRule& rule, std::string_view given, std::string& value, ServerError& error) {
  bool read = false;
  switch (rule.type) {
    case SettingType::boolean: read = read_boolean(rule, given, value, error); break;
    case SettingType::integer:
    case SettingType::real: read = read_number(rule, given, value, error); break;
    case SettingType::enumeration: read = read_word(rule, given, value, error); break;
    case SettingType::string: read = read_text(rule, given, value, error); break;
  }
  if (!read || !rule.fixed || value == rule.preset) return read;
  error = make_error("0A000", "parameter \"" + std::string(rule.name) + "\" cannot be changed in this server");
  error.detail = "It is always \"" + show_setting(rule, std::string(rule.preset)) + "\".";
  return false;
}

std::string show_setting(const SettingRule& rule, const std::string& value) {
  const double number = std::atof(value.c_str());
  if (rule.unit.empty() || rule.type == SettingType::string || number <= 0) return value;
  const double whole = number * size_of(rule.unit);
  for (const Unit& unit : units_of(rule.unit)) {
    if (std::fmod(whole, unit.size) == 0) return number_text(whole / unit.size) + std::string(unit.name);
  }
  return value;
}

}  // namespace chaos::pg
