#include "postgres/state/session_settings.hpp"

#include "postgres/base/sql_error.hpp"
#include "wire/text.hpp"

#include <algorithm>
#include <cstdlib>

namespace chaos::pg {

namespace {

// Settings of extensions ("a.b") are anybody's.
bool custom(const std::string& name) { return name.find('.') != std::string::npos; }

bool unknown(const std::string& name, ServerError& error) {
  error = make_error("42704", "unrecognized configuration parameter \"" + name + "\"");
  return false;
}

bool may_change(const SettingRule& rule, bool superuser, ServerError& error) {
  const std::string name(rule.name);
  switch (rule.context) {
    case SettingContext::internal: error = make_error("55P02", "parameter \"" + name + "\" cannot be changed"); return false;
    case SettingContext::postmaster: error = make_error("55P02", "parameter \"" + name + "\" cannot be changed without restarting the server"); return false;
    case SettingContext::sighup: error = make_error("55P02", "parameter \"" + name + "\" cannot be changed now"); return false;
    case SettingContext::superuser:
      if (!superuser) error = make_error("42501", "permission denied to set parameter \"" + name + "\"");
      return superuser;
    case SettingContext::user: break;
  }
  return true;
}

}  // namespace

bool SessionSettings::store(Values& where, const std::string& given, const std::string& text, ServerError& error) {
  const std::string name = lower(given);
  const SettingRule* rule = find_setting(name);
  if (!rule && !custom(name)) return unknown(given, error);
  if (rule && !may_change(*rule, superuser_, error)) return false;
  ++changes_;
  if (lower(text) == "default" && (!rule || rule->name != "session_authorization")) {
    if (const auto at = start_.find(name); at != start_.end()) where[name] = at->second;
    else where.erase(name);
    return true;
  }
  std::string value = text;
  if (rule && !read_setting(*rule, text, value, error)) return false;
  where[name] = std::move(value);
  return true;
}

bool SessionSettings::set(const std::string& name, const std::string& value, ServerError& error) {
  if (!store(session_, name, value, error)) return false;
  local_.erase(lower(name));
  return true;
}

bool SessionSettings::set_local(const std::string& name, const std::string& value, ServerError& error) { return store(local_, name, value, error); }

bool SessionSettings::set_at_start(const std::string& name, const std::string& value, ServerError& error) {
  return store(start_, name, value, error) && store(session_, name, value, error);
}

bool SessionSettings::reset(const std::string& name, ServerError& error) {
  if (!name.empty() && name != "all") return set(name, "default", error);
  session_ = start_;
  local_.clear();
  ++changes_;
  return true;
}

void SessionSettings::begin() {
  if (!before_) before_ = session_;
}

void SessionSettings::end(bool committed) {
  if (!before_) return;
  if (!committed && *before_ != session_) session_ = std::move(*before_), ++changes_;
  if (!local_.empty()) local_.clear(), ++changes_;
  before_.reset();
}

const std::string* SessionSettings::own(std::string_view name) const {
  for (const Values* values : {&local_, &session_}) {
    if (const auto found = values->find(name); found != values->end()) return &found->second;
  }
  return nullptr;
}

std::optional<std::string> SessionSettings::value(const std::string& given) const {
  const std::string name = lower(given);
  if (const std::string* mine = own(name)) return *mine;
  if (name == "is_superuser") return superuser_ ? "on" : "off";
  return config_->value(name);
}

std::optional<std::string> SessionSettings::get(const std::string& name) const {
  const auto kept = value(name);
  const SettingRule* rule = find_setting(name);
  return kept && rule ? std::optional(show_setting(*rule, *kept)) : kept;
}

std::int64_t SessionSettings::number(const std::string& name) const { return std::atoll(value(name).value_or("0").c_str()); }

bool SessionSettings::may_see(const std::string& name, ServerError& error) const {
  const SettingRule* rule = find_setting(name);
  if (superuser_ || !rule || !for_superusers(*rule)) return true;
  error = make_error("42501", "must be superuser or have privileges of pg_read_all_settings to examine \"" + std::string(rule->name) + "\"");
  return false;
}

bool SessionSettings::show(const std::string& name, std::string& out, ServerError& error) const {
  if (!may_see(name, error)) return false;
  const auto value = get(name);
  if (!value) return unknown(name, error);
  out = *value;
  return true;
}

std::vector<Setting> SessionSettings::all() const {
  std::vector<Setting> out;
  for (const SettingRule& rule : setting_rules()) {
    if (!rule.hidden && (superuser_ || !for_superusers(rule))) out.push_back({std::string(rule.name), get(std::string(rule.name)).value_or("")});
  }
  return out;
}

std::string_view SessionSettings::source(const SettingRule& rule) const {
  const std::string name = lower(std::string(rule.name));
  if (!own(name)) return config_->source(rule);
  const auto at_start = start_.find(name);
  return at_start != start_.end() && at_start->second == *own(name) ? "client" : "session";
}

std::span<const std::string_view> SessionSettings::reported() {
  static constexpr std::string_view kNames[] = {"application_name", "client_encoding", "DateStyle", "IntervalStyle", "TimeZone",
                                                "standard_conforming_strings", "default_transaction_read_only"};
  return kNames;
}

std::optional<double> SessionSettings::milliseconds(std::string_view text) {
  std::string value;
  ServerError ignored;
  if (!read_setting(*find_setting("statement_timeout"), text, value, ignored)) return std::nullopt;
  return std::atof(value.c_str());
}

}  // namespace chaos::pg
