// Any method that this project speaks, decoded from and written to a method frame's payload (specification
// section 2.3.5.1).
#pragma once

#include "wire/amqp_frame.hpp"
#include "wire/amqp_method_basic.hpp"
#include "wire/amqp_method_connection.hpp"
#include "wire/amqp_method_queue.hpp"

#include <optional>

namespace chaos::amqp {

using Method = std::variant<
    ConnectionStart, ConnectionStartOk, ConnectionTune, ConnectionTuneOk, ConnectionOpen, ConnectionOpenOk,
    ConnectionClose, ConnectionCloseOk, ConnectionBlocked, ConnectionUnblocked, ChannelOpen, ChannelOpenOk,
    ChannelFlow, ChannelFlowOk, ChannelClose, ChannelCloseOk, ExchangeDeclare, ExchangeDeclareOk, ExchangeDelete,
    ExchangeDeleteOk, ExchangeBind, ExchangeBindOk, ExchangeUnbind, ExchangeUnbindOk, QueueDeclare, QueueDeclareOk, QueueBind, QueueBindOk, QueuePurge, QueuePurgeOk, QueueDelete,
    QueueDeleteOk, QueueUnbind, QueueUnbindOk, BasicQos, BasicQosOk, BasicConsume, BasicConsumeOk, BasicCancel,
    BasicCancelOk, BasicPublish, BasicReturn, BasicDeliver, BasicGet, BasicGetOk, BasicGetEmpty, BasicAck,
    BasicReject, BasicRecoverAsync, BasicRecover, BasicRecoverOk, BasicNack, ConfirmSelect, ConfirmSelectOk, TxSelect,
    TxSelectOk, TxCommit, TxCommitOk, TxRollback, TxRollbackOk>;

/// Class and method of a method frame's payload; nullopt when it is shorter than these.
std::optional<MethodId> method_id(std::string_view payload);

/// unknown: reply not_implemented (or command_invalid); malformed: reply syntax_error.
enum class Decoded { ok, unknown, malformed };
Decoded decode_method(std::string_view payload, Method& out);

/// Appends a whole method frame.
void append_method(std::string& out, std::uint16_t channel, const Method& method);

}  // namespace chaos::amqp
