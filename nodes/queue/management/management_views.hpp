// The things of the broker as JSON, by the management API's names.
#pragma once

#include "queue/management/management_call.hpp"

namespace chaos::broker {

/// Those that have counted anything, each with its rate a second; empty when none has.
json::object stats_json(const MessageStats& stats, std::initializer_list<Stat> which);
/// "2026-11-26T22:24:34.037+00:00"
std::string iso_time(std::chrono::system_clock::time_point at);

json::object queue_json(const Desk& desk, const MessageQueue& queue);
json::object exchange_json(Desk& desk, const ExchangeSpec& spec);
json::object binding_json(const Binding& binding);
/// The last part of a binding's path.
std::string properties_key(const Binding& binding);
/// Whether a path's last part, decoded once, names it: clients encode the key again, people do not.
bool has_key(const Binding& binding, const std::string& part);
json::object connection_json(const Desk& desk, const ConnectionView& connection);
json::object channel_json(const Desk& desk, const ConnectionView& connection, const ChannelView& channel);
json::object consumer_json(const Desk& desk, const ConnectionView& connection, const ChannelView& channel, const ConsumerView& consumer);
/// Of one queue, or of all.
json::array consumers_json(const Desk& desk, const std::string* queue);
/// All of one, with those of the default exchange.
std::vector<Binding> all_bindings(const Broker& broker);

}  // namespace chaos::broker
