// What Alertmanager posts (Alertmanager documentation, "Webhook receiver configuration", version 4 of the message). Pure.
#pragma once

#include "lab/lab_alerts.hpp"

#include <boost/system/result.hpp>

#include <string_view>

namespace chaos::rules {

/// The alerts of one message; at most kMostTold. On bad input the reason, with the place: "alerts[2].status: ...".
struct WebhookError {
  std::string text;
};
inline constexpr std::size_t kMostTold = 1000;
boost::system::result<std::vector<ToldAlert>, WebhookError> parse_webhook(std::string_view body);

}  // namespace chaos::rules
