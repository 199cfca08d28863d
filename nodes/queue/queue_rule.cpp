#include "queue/queue_rule.hpp"

#include <algorithm>

namespace chaos::broker {

void QueueRule::push(MessageId message, bool redelivered, std::uint8_t priority) {
  levels_[std::min<std::size_t>(priority, levels_.size() - 1)].push_back({message, redelivered});
  ++ready_;
}

// The highest level that has a message; call it only when one has.
std::size_t QueueRule::top() const {
  std::size_t level = levels_.size() - 1;
  while (levels_[level].empty()) --level;
  return level;
}

QueueRule::Ready QueueRule::pop(std::size_t level) {
  const Ready ready = levels_[level].front();
  levels_[level].pop_front();
  --ready_;
  return ready;
}

MessageId QueueRule::drop_head(std::size_t level) { return pop(level).message; }

std::size_t QueueRule::next_with_credit() const {
  const std::size_t count = subscriptions_.size();
  std::size_t best = count;
  for (std::size_t step = 0; step < count; ++step) {
    const std::size_t at = (turn_ + step) % count;
    const Subscription& s = subscriptions_[at];
    const bool free = !s.gate->shut && (s.no_ack || (s.own->free() && s.channel->free()));
    if (free && active(s.id) && (best == count || s.priority > subscriptions_[best].priority)) best = at;
  }
  return best;
}

std::optional<QueueRule::Handed> QueueRule::hand_out() {
  if (ready_ == 0) return std::nullopt;
  const std::size_t at = next_with_credit();
  if (at == subscriptions_.size()) return std::nullopt;
  const Subscription& to = subscriptions_[at];
  turn_ = at + 1;
  const std::size_t level = top();
  const Ready ready = pop(level);
  if (!to.no_ack) {
    ++to.own->used;
    ++to.channel->used;
    handed_.emplace(ready.message, Holder{to.own, to.channel, level});
  }
  return Handed{ready, to.id};
}

std::optional<QueueRule::Ready> QueueRule::get(bool no_ack) {
  if (ready_ == 0) return std::nullopt;
  const std::size_t level = top();
  const Ready ready = pop(level);
  if (!no_ack) handed_.emplace(ready.message, Holder{nullptr, nullptr, level});
  return ready;
}

std::optional<QueueRule::Holder> QueueRule::release(MessageId message) {
  const auto at = handed_.find(message);
  if (at == handed_.end()) return std::nullopt;
  Holder holder = std::move(at->second);
  handed_.erase(at);
  if (holder.own) --holder.own->used;
  if (holder.channel) --holder.channel->used;
  return holder;
}

bool QueueRule::settle(MessageId message) { return release(message).has_value(); }

bool QueueRule::requeue(MessageId message) {
  const auto holder = release(message);
  if (!holder) return false;
  auto& level = levels_[holder->level];
  const auto place = std::lower_bound(level.begin(), level.end(), message,
                                      [](const Ready& r, MessageId id) { return r.message < id; });
  level.insert(place, {message, true});
  ++ready_;
  return true;
}

std::vector<MessageId> QueueRule::purge() {
  std::vector<MessageId> gone;
  gone.reserve(ready_);
  for (auto& level : levels_) {
    for (const Ready& r : level) gone.push_back(r.message);
    level.clear();
  }
  ready_ = 0;
  return gone;
}

bool QueueRule::subscribe(Subscription subscription) {
  const bool alone = subscriptions_.empty();
  if (!alone && (subscription.exclusive || subscriptions_.front().exclusive)) return false;
  subscriptions_.push_back(std::move(subscription));
  return true;
}

void QueueRule::unsubscribe(SubscriptionId id) {
  const auto at = std::find_if(subscriptions_.begin(), subscriptions_.end(), [id](const auto& s) { return s.id == id; });
  if (at == subscriptions_.end()) return;
  const auto index = static_cast<std::size_t>(at - subscriptions_.begin());
  if (turn_ > index) --turn_;
  subscriptions_.erase(at);
}

}  // namespace chaos::broker
