// Whether a backend is up, from its checks: HAProxy's counter with rise and fall.
#pragma once

#include <string>

namespace chaos {

/// passed: 2xx or 3xx. not_ready: the backend says so itself (503). draining: it says that it takes no new work.
enum class CheckResult { passed, failed, not_ready, draining };

/// The counter runs from 0 to rise + fall - 1; up from `rise` on (HAProxy management guide, section 9.1, check_health).
/// A backend begins down and is up after `rise` good checks. Pure.
class HealthRule {
 public:
  HealthRule(int rise, int fall) : rise_(rise), fall_(fall) {}

  enum class Change { none, up, down };
  /// failed: down after `fall` of them in a row. not_ready: down at once. draining: what is up stays up, without new
  /// work, until a check passes or it goes down.
  Change record(CheckResult result);
  /// Up, and down again at the first failure: how HAProxy takes a server out of maintenance.
  void give_trust();
  // By order ("set server ... health"), until checks say otherwise.
  void force_up();
  void force_stopping();
  void force_down();
  /// Both >= 1. What is up stays up.
  void set(int rise, int fall);

  bool up() const { return health_ >= rise_; }
  /// Up, and takes no new work.
  bool stopping() const { return stopping_; }
  int health() const { return health_; }
  bool steady() const { return health_ == 0 || health_ == most(); }
  /// The way to the next change as HAProxy writes it: " 2/3", or nothing when it stands still.
  std::string progress() const;

 private:
  Change passed();
  Change failed();
  Change fell(bool was_up);
  int most() const { return rise_ + fall_ - 1; }

  int rise_;
  int fall_;
  int health_ = 0;
  bool stopping_ = false;
};

enum class AdminState { ready, drain, maint };
/// Of the server's own agent; off: it has none, or is not asked.
enum class AgentState { off, up, down };

/// HAProxy's word: "UP", "UP 2/3", "DOWN", "DOWN 1/2", "DOWN (agent)", "DRAIN", "DRAIN (agent)" wherever an agent is asked,
/// "NOLB", "MAINT", "no check". drained: by order of somebody else than the runtime API. checked: false when its checks are
/// switched off.
std::string status_word(const HealthRule& health, AdminState admin, bool drained, bool checked, AgentState agent = AgentState::off);

}  // namespace chaos
