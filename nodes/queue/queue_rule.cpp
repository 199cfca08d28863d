#include "queue/queue_rule.hpp"

#include <algorithm>

namespace chaos::broker {

void QueueRule::push(MessageId message, bool redelivered) { ready_.push_back({message, redelivered}); }

std::size_t QueueRule::next_with_credit() const {
  const std::size_t count = subscriptions_.size();
  for (std::size_t step = 0; step < count; ++step) {
    const std::size_t at = (turn_ + step) % count;
    const Subscription& s = subscriptions_[at];
    const bool free = s.no_ack ? !s.channel->stalled : s.own->free() && s.channel->free();
    if (free) return at;
  }
  return count;
}

std::optional<QueueRule::Handed> QueueRule::hand_out() {
  if (ready_.empty()) return std::nullopt;
  const std::size_t at = next_with_credit();
  if (at == subscriptions_.size()) return std::nullopt;
  const Subscription& to = subscriptions_[at];
  turn_ = at + 1;
  const Ready ready = ready_.front();
  ready_.pop_front();
  if (!to.no_ack) {
    ++to.own->used;
    ++to.channel->used;
    handed_.emplace(ready.message, Holder{to.own, to.channel});
  }
  return Handed{ready, to.id};
}

std::optional<QueueRule::Ready> QueueRule::get(bool no_ack) {
  if (ready_.empty()) return std::nullopt;
  const Ready ready = ready_.front();
  ready_.pop_front();
  if (!no_ack) handed_.emplace(ready.message, Holder{});
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
  if (!release(message)) return false;
  const auto place = std::lower_bound(ready_.begin(), ready_.end(), message,
                                      [](const Ready& r, MessageId id) { return r.message < id; });
  ready_.insert(place, {message, true});
  return true;
}

std::vector<MessageId> QueueRule::purge() {
  std::vector<MessageId> gone;
  gone.reserve(ready_.size());
  for (const Ready& r : ready_) gone.push_back(r.message);
  ready_.clear();
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
