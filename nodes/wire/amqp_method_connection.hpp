// The methods of the classes connection and channel, as values (specification sections 1.2 and 1.3 of the reference,
// and RabbitMQ's connection.blocked). fields() lists the arguments in wire order.
#pragma once

#include "wire/amqp_method_id.hpp"

namespace chaos::amqp {

struct ConnectionStart {
  static constexpr MethodId kId{10, 10};
  std::uint8_t version_major = 0, version_minor = 9;
  Table server_properties;
  LongString mechanisms, locales;
  static constexpr auto fields() {
    return std::tuple(&ConnectionStart::version_major, &ConnectionStart::version_minor,
                      &ConnectionStart::server_properties, &ConnectionStart::mechanisms, &ConnectionStart::locales);
  }
};
struct ConnectionStartOk {
  static constexpr MethodId kId{10, 11};
  Table client_properties;
  std::string mechanism;
  LongString response;
  std::string locale;
  static constexpr auto fields() {
    return std::tuple(&ConnectionStartOk::client_properties, &ConnectionStartOk::mechanism,
                      &ConnectionStartOk::response, &ConnectionStartOk::locale);
  }
};
struct ConnectionTune {
  static constexpr MethodId kId{10, 30};
  std::uint16_t channel_max = 0;
  std::uint32_t frame_max = 0;
  std::uint16_t heartbeat = 0;
  static constexpr auto fields() {
    return std::tuple(&ConnectionTune::channel_max, &ConnectionTune::frame_max, &ConnectionTune::heartbeat);
  }
};
struct ConnectionTuneOk {
  static constexpr MethodId kId{10, 31};
  std::uint16_t channel_max = 0;
  std::uint32_t frame_max = 0;
  std::uint16_t heartbeat = 0;
  static constexpr auto fields() {
    return std::tuple(&ConnectionTuneOk::channel_max, &ConnectionTuneOk::frame_max, &ConnectionTuneOk::heartbeat);
  }
};
struct ConnectionOpen {
  static constexpr MethodId kId{10, 40};
  std::string virtual_host;
  static constexpr auto fields() {
    return std::tuple(&ConnectionOpen::virtual_host, ReservedString{}, ReservedBit{});
  }
};
struct ConnectionOpenOk {
  static constexpr MethodId kId{10, 41};
  static constexpr auto fields() { return std::tuple(ReservedString{}); }
};
struct ConnectionClose {
  static constexpr MethodId kId{10, 50};
  std::uint16_t code = 0;
  std::string text;
  std::uint16_t class_id = 0, method_id = 0;
  static constexpr auto fields() {
    return std::tuple(&ConnectionClose::code, &ConnectionClose::text, &ConnectionClose::class_id,
                      &ConnectionClose::method_id);
  }
};
struct ConnectionCloseOk {
  static constexpr MethodId kId{10, 51};
  static constexpr auto fields() { return std::tuple(); }
};
struct ConnectionBlocked {
  static constexpr MethodId kId{10, 60};
  std::string reason;
  static constexpr auto fields() { return std::tuple(&ConnectionBlocked::reason); }
};
struct ConnectionUnblocked {
  static constexpr MethodId kId{10, 61};
  static constexpr auto fields() { return std::tuple(); }
};
struct ChannelOpen {
  static constexpr MethodId kId{20, 10};
  static constexpr auto fields() { return std::tuple(ReservedString{}); }
};
struct ChannelOpenOk {
  static constexpr MethodId kId{20, 11};
  static constexpr auto fields() { return std::tuple(ReservedLongString{}); }
};
struct ChannelFlow {
  static constexpr MethodId kId{20, 20};
  bool active = false;
  static constexpr auto fields() { return std::tuple(&ChannelFlow::active); }
};
struct ChannelFlowOk {
  static constexpr MethodId kId{20, 21};
  bool active = false;
  static constexpr auto fields() { return std::tuple(&ChannelFlowOk::active); }
};
struct ChannelClose {
  static constexpr MethodId kId{20, 40};
  std::uint16_t code = 0;
  std::string text;
  std::uint16_t class_id = 0, method_id = 0;
  static constexpr auto fields() {
    return std::tuple(&ChannelClose::code, &ChannelClose::text, &ChannelClose::class_id, &ChannelClose::method_id);
  }
};
struct ChannelCloseOk {
  static constexpr MethodId kId{20, 41};
  static constexpr auto fields() { return std::tuple(); }
};

}  // namespace chaos::amqp
