// The methods of the classes exchange, queue, confirm and tx, as values (specification sections 1.4 and 1.5 of the
// reference, and RabbitMQ's publisher confirms). fields() lists the arguments in wire order.
#pragma once

#include "wire/amqp_method_id.hpp"

namespace chaos::amqp {

struct ExchangeDeclare {
  static constexpr MethodId kId{40, 10};
  std::string exchange, type;
  bool passive = false, durable = false, auto_delete = false, internal = false, no_wait = false;
  Table arguments;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &ExchangeDeclare::exchange, &ExchangeDeclare::type,
                      &ExchangeDeclare::passive, &ExchangeDeclare::durable, &ExchangeDeclare::auto_delete,
                      &ExchangeDeclare::internal, &ExchangeDeclare::no_wait, &ExchangeDeclare::arguments);
  }
};
struct ExchangeDeclareOk {
  static constexpr MethodId kId{40, 11};
  static constexpr auto fields() { return std::tuple(); }
};
struct ExchangeDelete {
  static constexpr MethodId kId{40, 20};
  std::string exchange;
  bool if_unused = false, no_wait = false;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &ExchangeDelete::exchange, &ExchangeDelete::if_unused,
                      &ExchangeDelete::no_wait);
  }
};
struct ExchangeDeleteOk {
  static constexpr MethodId kId{40, 21};
  static constexpr auto fields() { return std::tuple(); }
};
/// RabbitMQ's exchange-to-exchange bindings.
struct ExchangeBind {
  static constexpr MethodId kId{40, 30};
  std::string destination, source, routing_key;
  bool no_wait = false;
  Table arguments;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &ExchangeBind::destination, &ExchangeBind::source, &ExchangeBind::routing_key,
                      &ExchangeBind::no_wait, &ExchangeBind::arguments);
  }
};
struct ExchangeBindOk {
  static constexpr MethodId kId{40, 31};
  static constexpr auto fields() { return std::tuple(); }
};
struct ExchangeUnbind {
  static constexpr MethodId kId{40, 40};
  std::string destination, source, routing_key;
  bool no_wait = false;
  Table arguments;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &ExchangeUnbind::destination, &ExchangeUnbind::source,
                      &ExchangeUnbind::routing_key, &ExchangeUnbind::no_wait, &ExchangeUnbind::arguments);
  }
};
struct ExchangeUnbindOk {
  static constexpr MethodId kId{40, 51};
  static constexpr auto fields() { return std::tuple(); }
};
struct QueueDeclare {
  static constexpr MethodId kId{50, 10};
  std::string queue;
  bool passive = false, durable = false, exclusive = false, auto_delete = false, no_wait = false;
  Table arguments;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &QueueDeclare::queue, &QueueDeclare::passive, &QueueDeclare::durable,
                      &QueueDeclare::exclusive, &QueueDeclare::auto_delete, &QueueDeclare::no_wait,
                      &QueueDeclare::arguments);
  }
};
struct QueueDeclareOk {
  static constexpr MethodId kId{50, 11};
  std::string queue;
  std::uint32_t message_count = 0, consumer_count = 0;
  static constexpr auto fields() {
    return std::tuple(&QueueDeclareOk::queue, &QueueDeclareOk::message_count, &QueueDeclareOk::consumer_count);
  }
};
struct QueueBind {
  static constexpr MethodId kId{50, 20};
  std::string queue, exchange, routing_key;
  bool no_wait = false;
  Table arguments;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &QueueBind::queue, &QueueBind::exchange, &QueueBind::routing_key,
                      &QueueBind::no_wait, &QueueBind::arguments);
  }
};
struct QueueBindOk {
  static constexpr MethodId kId{50, 21};
  static constexpr auto fields() { return std::tuple(); }
};
struct QueuePurge {
  static constexpr MethodId kId{50, 30};
  std::string queue;
  bool no_wait = false;
  static constexpr auto fields() { return std::tuple(ReservedShort{}, &QueuePurge::queue, &QueuePurge::no_wait); }
};
struct QueuePurgeOk {
  static constexpr MethodId kId{50, 31};
  std::uint32_t message_count = 0;
  static constexpr auto fields() { return std::tuple(&QueuePurgeOk::message_count); }
};
struct QueueDelete {
  static constexpr MethodId kId{50, 40};
  std::string queue;
  bool if_unused = false, if_empty = false, no_wait = false;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &QueueDelete::queue, &QueueDelete::if_unused, &QueueDelete::if_empty,
                      &QueueDelete::no_wait);
  }
};
struct QueueDeleteOk {
  static constexpr MethodId kId{50, 41};
  std::uint32_t message_count = 0;
  static constexpr auto fields() { return std::tuple(&QueueDeleteOk::message_count); }
};
struct QueueUnbind {
  static constexpr MethodId kId{50, 50};
  std::string queue, exchange, routing_key;
  Table arguments;
  static constexpr auto fields() {
    return std::tuple(ReservedShort{}, &QueueUnbind::queue, &QueueUnbind::exchange, &QueueUnbind::routing_key,
                      &QueueUnbind::arguments);
  }
};
struct QueueUnbindOk {
  static constexpr MethodId kId{50, 51};
  static constexpr auto fields() { return std::tuple(); }
};
struct ConfirmSelect {
  static constexpr MethodId kId{85, 10};
  bool no_wait = false;
  static constexpr auto fields() { return std::tuple(&ConfirmSelect::no_wait); }
};
struct ConfirmSelectOk {
  static constexpr MethodId kId{85, 11};
  static constexpr auto fields() { return std::tuple(); }
};

/// The class tx: publishes and acknowledgements that take effect together.
struct TxSelect {
  static constexpr MethodId kId{90, 10};
  static constexpr auto fields() { return std::tuple(); }
};
struct TxSelectOk {
  static constexpr MethodId kId{90, 11};
  static constexpr auto fields() { return std::tuple(); }
};
struct TxCommit {
  static constexpr MethodId kId{90, 20};
  static constexpr auto fields() { return std::tuple(); }
};
struct TxCommitOk {
  static constexpr MethodId kId{90, 21};
  static constexpr auto fields() { return std::tuple(); }
};
struct TxRollback {
  static constexpr MethodId kId{90, 30};
  static constexpr auto fields() { return std::tuple(); }
};
struct TxRollbackOk {
  static constexpr MethodId kId{90, 31};
  static constexpr auto fields() { return std::tuple(); }
};

}  // namespace chaos::amqp
