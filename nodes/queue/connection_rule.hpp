// How a connection is negotiated, opened and closed: the methods of channel 0 (specification section 2.2.4 and the
// class connection). Pure: methods in, methods out.
#pragma once

#include "queue/refusal.hpp"
#include "queue/users.hpp"
#include "wire/amqp_method.hpp"

#include <vector>

namespace chaos::broker {

/// The version of RabbitMQ whose answers are given, for clients that look at it.
inline constexpr std::string_view kSpeaksAs = "3.10.8";

/// What the server offers in connection.tune, then what both agreed on.
struct Tuning {
  std::uint16_t channel_max = 2047;
  std::uint32_t frame_max = 131072;   // bytes of a whole frame
  std::uint16_t heartbeat = 60;       // seconds; 0: none
};

class ConnectionRule {
 public:
  /// users outlive it; a change of them counts for those who log in later.
  ConnectionRule(Tuning offer, const Users& users) : tuning_(offer), users_(users) {}

  /// What to send after the client's protocol header.
  amqp::Method start() const;
  /// One method that came on channel 0. Answers are appended to `out`.
  Outcome on(const amqp::Method& method, std::vector<amqp::Method>& out);
  /// A connection.close has been sent: only close and close-ok count from now on.
  void closing() { stage_ = Stage::closing; }

  bool open() const { return stage_ == Stage::open; }
  bool is_closing() const { return stage_ == Stage::closing; }
  /// The socket may be closed when what was answered has been sent.
  bool closed() const { return stage_ == Stage::closed; }
  /// Holds from tune-ok on.
  const Tuning& tuning() const { return tuning_; }
  bool tuned() const { return stage_ > Stage::tune_ok; }
  /// Whether the client's properties name this capability as true ("connection.blocked").
  bool client_can(std::string_view capability) const;
  const std::string& user() const { return user_; }
  const std::string& mechanism() const { return mechanism_; }
  const amqp::Table& client_properties() const { return client_properties_; }
  /// RabbitMQ's words: "starting", "tuning", "opening", "running", "closing", "closed".
  std::string_view state() const;

 private:
  enum class Stage { start_ok, tune_ok, open_wait, open, closing, closed };
  Outcome on_start_ok(const amqp::ConnectionStartOk& method, std::vector<amqp::Method>& out);
  Outcome on_tune_ok(const amqp::ConnectionTuneOk& method);
  Outcome on_open(const amqp::ConnectionOpen& method, std::vector<amqp::Method>& out);

  Stage stage_ = Stage::start_ok;
  Tuning tuning_;
  const Users& users_;
  std::string user_;
  std::string mechanism_;
  amqp::Table client_properties_;
};

}  // namespace chaos::broker
