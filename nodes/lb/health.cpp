#include "lb/health.hpp"

namespace chaos {

HealthRule::Change HealthRule::record(CheckResult result) {
  switch (result) {
    case CheckResult::passed: draining_ = false; return passed();
    case CheckResult::failed: return failed();
    case CheckResult::not_ready: return fell(up());
    case CheckResult::draining: draining_ = true; return Change::none;
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
  draining_ = false;
  return was_up ? Change::down : Change::none;
}

void HealthRule::reset() { fell(false); }

void HealthRule::set(int rise, int fall) {
  if (rise == rise_ && fall == fall_) return;
  const bool was_up = up();
  rise_ = rise;
  fall_ = fall;
  health_ = was_up ? most() : 0;
}

std::string HealthRule::progress() const {
  if (up()) {
    if (health_ == most()) return {};
    return " " + std::to_string(health_ - rise_ + 1) + "/" + std::to_string(fall_);
  }
  if (health_ == 0) return {};
  return " " + std::to_string(health_) + "/" + std::to_string(rise_);
}

std::string status_word(const HealthRule& health, AdminState admin, bool drain) {
  if (admin == AdminState::maint) return "MAINT";
  if (!health.up()) return "DOWN" + health.progress();
  const bool draining = drain || admin == AdminState::drain || health.draining();
  return (draining ? "DRAIN" : "UP") + health.progress();
}

}  // namespace chaos
