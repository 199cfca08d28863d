#include "rules/webhook.hpp"

#include "rules/rules_file.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace chaos::rules {

namespace json = boost::json;

namespace {

using Told = boost::system::result<std::vector<ToldAlert>, WebhookError>;
constexpr std::size_t kLongestText = 500;

// Not within a character: protobuf takes no text that is not UTF-8, and events and status are its messages.
std::string shortened(std::string_view text) {
  std::size_t end = std::min(text.size(), kLongestText);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

std::string text_of(const json::object& from, std::string_view key) {
  const json::value* found = from.if_contains(key);
  return found && found->is_string() ? shortened(found->get_string()) : std::string();
}

const json::object* object_of(const json::object& from, std::string_view key) {
  const json::value* found = from.if_contains(key);
  return found ? found->if_object() : nullptr;
}

// "BackendDown lb-1 server-2", "AvailabilityBudgetBurn 15m": what tells an alert from its like.
std::string name_of(const json::object& labels) {
  static constexpr std::array<std::string_view, 7> kApart{"window", "node", "server", "origin", "upstream", "pool", "queue"};
  std::string name = text_of(labels, "alertname");
  for (const std::string_view label : kApart) {
    if (const std::string value = text_of(labels, label); !value.empty()) name += " " + value;
  }
  return name;
}

std::string text_of(const json::object& annotations) {
  const std::string summary = text_of(annotations, "summary");
  const std::string description = text_of(annotations, "description");
  return description.empty() ? summary : fmt::format("{}: {}", summary, description);
}

// Why it is none; empty: `out` is it.
std::string read_alert(const json::value& value, ToldAlert& out) {
  const json::object* alert = value.if_object();
  if (!alert) return ": an object is wanted";
  const std::string status = text_of(*alert, "status");
  if (status != "firing" && status != "resolved") return fmt::format(".status: \"{}\" is neither firing nor resolved", status);
  const json::object* labels = object_of(*alert, "labels");
  if (!labels || text_of(*labels, "alertname").empty()) return ".labels.alertname: an alert has a name";
  const json::object* annotations = object_of(*alert, "annotations");
  out.heartbeat = text_of(*labels, "alertname") == kWatchdog;
  out.change = {name_of(*labels), status == "firing", text_of(*labels, "severity"), annotations ? text_of(*annotations) : std::string()};
  out.key = text_of(*alert, "fingerprint");
  if (out.key.empty()) out.key = out.change.name;
  return "";
}

}  // namespace

Told parse_webhook(std::string_view body) {
  boost::system::error_code ec;
  const json::value message = json::parse(body, ec);
  if (ec) return WebhookError{"this is no JSON: " + ec.message()};
  const json::object* whole = message.if_object();
  const json::value* alerts = whole ? whole->if_contains("alerts") : nullptr;
  if (!alerts || !alerts->is_array()) return WebhookError{"alerts: a list is wanted"};
  const json::array& all = alerts->get_array();
  if (all.size() > kMostTold) return WebhookError{fmt::format("alerts: {} are too many, at most {}", all.size(), kMostTold)};
  std::vector<ToldAlert> told;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ToldAlert one;
    if (const std::string why = read_alert(all[i], one); !why.empty()) return WebhookError{fmt::format("alerts[{}]{}", i, why)};
    told.push_back(std::move(one));
  }
  return told;
}

}  // namespace chaos::rules
