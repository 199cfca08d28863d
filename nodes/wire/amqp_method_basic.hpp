// The methods of the class basic, as values (specification section 1.6 of the reference, and RabbitMQ's basic.nack).
// fields() lists the arguments in wire order.
#pragma once

#include "wire/amqp_method_id.hpp"

namespace chaos::amqp {

struct BasicQos {
  static constexpr MethodId kId{60, 10};
  std::uint32_t prefetch_size = 0;
  std::uint16_t prefetch_count = 0;
  bool global = false;
  static constexpr auto fields() {
    return std::tuple(&BasicQos::prefetch_size, &BasicQos::prefetch_count, &BasicQos::global);
  }
};
struct BasicQosOk {
  static constexpr MethodId kId{60, 11};
  static constexpr auto fields() { return std::tuple(); }
};
struct BasicConsume {
  static constexpr MethodId kId{60, 20};
  std::string queue, consumer_tag;
  bool no_local = false, no_ack = false, exclusive = false, no_wait = false;
  Table arguments;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &BasicConsume::queue, &BasicConsume::consumer_tag, &BasicConsume::no_local,
                      &BasicConsume::no_ack, &BasicConsume::exclusive, &BasicConsume::no_wait,
                      &BasicConsume::arguments);
  }
};
struct BasicConsumeOk {
  static constexpr MethodId kId{60, 21};
  std::string consumer_tag;
  static constexpr auto fields() { return std::tuple(&BasicConsumeOk::consumer_tag); }
};
struct BasicCancel {
  static constexpr MethodId kId{60, 30};
  std::string consumer_tag;
  bool no_wait = false;
  static constexpr auto fields() { return std::tuple(&BasicCancel::consumer_tag, &BasicCancel::no_wait); }
};
struct BasicCancelOk {
  static constexpr MethodId kId{60, 31};
  std::string consumer_tag;
  static constexpr auto fields() { return std::tuple(&BasicCancelOk::consumer_tag); }
};
struct BasicPublish {
  static constexpr MethodId kId{60, 40};
  std::string exchange, routing_key;
  bool mandatory = false, immediate = false;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &BasicPublish::exchange, &BasicPublish::routing_key,
                      &BasicPublish::mandatory, &BasicPublish::immediate);
  }
};
struct BasicReturn {
  static constexpr MethodId kId{60, 50};
  std::uint16_t code = 0;
  std::string text, exchange, routing_key;
  static constexpr auto fields() {
    return std::tuple(&BasicReturn::code, &BasicReturn::text, &BasicReturn::exchange, &BasicReturn::routing_key);
  }
};
struct BasicDeliver {
  static constexpr MethodId kId{60, 60};
  std::string consumer_tag;
  std::uint64_t delivery_tag = 0;
  bool redelivered = false;
  std::string exchange, routing_key;
  static constexpr auto fields() {
    return std::tuple(&BasicDeliver::consumer_tag, &BasicDeliver::delivery_tag, &BasicDeliver::redelivered,
                      &BasicDeliver::exchange, &BasicDeliver::routing_key);
  }
};
struct BasicGet {
  static constexpr MethodId kId{60, 70};
  std::string queue;
  bool no_ack = false;
  static constexpr auto fields() { return std::tuple(ReservedShort{}, &BasicGet::queue, &BasicGet::no_ack); }
};
struct BasicGetOk {
  static constexpr MethodId kId{60, 71};
  std::uint64_t delivery_tag = 0;
  bool redelivered = false;
  std::string exchange, routing_key;
  std::uint32_t message_count = 0;
  static constexpr auto fields() {
    return std::tuple(&BasicGetOk::delivery_tag, &BasicGetOk::redelivered, &BasicGetOk::exchange,
                      &BasicGetOk::routing_key, &BasicGetOk::message_count);
  }
};
struct BasicGetEmpty {
  static constexpr MethodId kId{60, 72};
  static constexpr auto fields() { return std::tuple(ReservedString{}); }
};
struct BasicAck {
  static constexpr MethodId kId{60, 80};
  std::uint64_t delivery_tag = 0;
  bool multiple = false;
  static constexpr auto fields() { return std::tuple(&BasicAck::delivery_tag, &BasicAck::multiple); }
};
struct BasicReject {
  static constexpr MethodId kId{60, 90};
  std::uint64_t delivery_tag = 0;
  bool requeue = false;
  static constexpr auto fields() { return std::tuple(&BasicReject::delivery_tag, &BasicReject::requeue); }
};
struct BasicRecoverAsync {
  static constexpr MethodId kId{60, 100};
  bool requeue = false;
  static constexpr auto fields() { return std::tuple(&BasicRecoverAsync::requeue); }
};
struct BasicRecover {
  static constexpr MethodId kId{60, 110};
  bool requeue = false;
  static constexpr auto fields() { return std::tuple(&BasicRecover::requeue); }
};
struct BasicRecoverOk {
  static constexpr MethodId kId{60, 111};
  static constexpr auto fields() { return std::tuple(); }
};
struct BasicNack {
  static constexpr MethodId kId{60, 120};
  std::uint64_t delivery_tag = 0;
  bool multiple = false, requeue = false;
  static constexpr auto fields() {
    return std::tuple(&BasicNack::delivery_tag, &BasicNack::multiple, &BasicNack::requeue);
  }
};

}  // namespace chaos::amqp
