#include "lb/health.hpp"

namespace chaos {

HealthRule::Change HealthRule::record(CheckResult result) {
  switch (result) {
    case CheckResult::passed: stopping_ = false; return passed();
    case CheckResult::failed: return failed();
    case CheckResult::not_ready: return fell(up());
    case CheckResult::draining: stopping_ = up(); return Change::none;
  }
  return Change::none;
}

HealthRule::Change HealthRule::passed() {
  const bool was_up = up();
  if (health_ < most()) ++health_;
  if (!up()) return Change::none;
  health_ = most();
  return was_up ? Change::none : Change::up;
}

HealthRule::Change HealthRule::failed() {
  const bool was_up = up();
  if (was_up && health_ > rise_) {
    --health_;
    return Change::none;
  }
  return fell(was_up);
}

HealthRule::Change HealthRule::fell(bool was_up) {
  health_ = 0;
  stopping_ = false;
  return was_up ? Change::down : Change::none;
}

void HealthRule::give_trust() {
  health_ = rise_;
  stopping_ = false;
}

void HealthRule::force_up() {
  health_ = most();
  stopping_ = false;
}

void HealthRule::force_stopping() {
  health_ = most();
  stopping_ = true;
}

void HealthRule::force_down() { fell(false); }

void HealthRule::set(int rise, int fall) {
  if (rise == rise_ && fall == fall_) return;
  const bool was_up = up();
  rise_ = rise;
  fall_ = fall;
  health_ = was_up ? most() : 0;
}

std::string HealthRule::progress() const {
  if (steady()) return {};
  if (up()) return " " + std::to_string(health_ - rise_ + 1) + "/" + std::to_string(fall_);
  return " " + std::to_string(health_) + "/" + std::to_string(rise_);
}

std::string status_word(const HealthRule& health, AdminState admin, bool drained, bool checked, AgentState agent) {
  if (admin == AdminState::maint) return "MAINT";
  if (agent == AgentState::down) return "DOWN (agent)";
  if (!health.up()) return "DOWN" + health.progress();
  if (drained || admin == AdminState::drain) return agent == AgentState::off ? "DRAIN" + health.progress() : "DRAIN (agent)";
  if (health.stopping()) return "NOLB" + health.progress();
  if (!checked && health.steady()) return "no check";
  return "UP" + health.progress();
}

}  // namespace chaos
