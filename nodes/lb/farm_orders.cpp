// What the runtime API orders of lb/farm.hpp.
#include "lb/farm.hpp"

namespace chaos {

namespace {
constexpr std::string_view kWhy = "runtime API";
}

void Farm::set_admin(Backend& backend, AdminState state) {
  const std::string before = backend.status();
  backend.set_admin(state, ctx_.clock.now());
  changed(backend, before, kWhy);
  settle();
}

void Farm::set_health(Backend& backend, Health health) {
  const std::string before = backend.status();
  switch (health) {
    case Health::up: backend.health.force_up(); break;
    case Health::stopping: backend.health.force_stopping(); break;
    case Health::down: backend.health.force_down(); break;
  }
  backend.settle(ctx_.clock.now());
  changed(backend, before, kWhy);
  settle();
}

void Farm::set_checked(Backend& backend, bool checked) {
  const std::string before = backend.status();
  backend.checked = checked;
  backend.settle(ctx_.clock.now());
  changed(backend, before, kWhy);
}

void Farm::set_weight(Backend& backend, unsigned weight) {
  backend.weight = weight;
  backend.settle(ctx_.clock.now());
  settle();
}

void Farm::set_agent(Backend& backend, const AgentOrder& order) {
  const std::string before = backend.status();
  BackendAgent& agent = backend.agent;
  if (order.enabled) agent.enabled = *order.enabled;
  if (order.up) agent.up = *order.up;
  if (order.address) agent.target.address = *order.address;
  if (order.port) agent.target.port = *order.port;
  if (order.send) agent.target.send = *order.send;
  backend.settle(ctx_.clock.now());
  changed(backend, before, kWhy);
  settle();
}

void Farm::set_max_connections(Backend& backend, std::size_t most) {
  backend.max_connections = most;
  freed(backend);
}

}  // namespace chaos
