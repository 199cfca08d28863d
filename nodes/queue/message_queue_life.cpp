#include "queue/message_queue.hpp"

namespace chaos::broker {

void MessageQueue::keep(MessageId id, MessagePtr message, std::optional<LabTime> expires) {
  const std::size_t size = message->bytes();
  bytes_ += size;
  parts_.accounts.add(size);
  holdings_.ready_bytes += message->body.size();
  if (message->persistent) {
    ++holdings_.persistent;
    holdings_.persistent_bytes += message->body.size();
  }
  if (expires) ++timed_messages_;
  messages_.emplace(id, Kept{std::move(message), expires});
}

// The shorter of the queue's time and the publisher's.
std::optional<LabTime> MessageQueue::expiry(const Message& message) const {
  if (!limits_.message_ttl && !message.ttl) return std::nullopt;
  LabDuration least = limits_.message_ttl.value_or(LabDuration{INT64_MAX});
  if (message.ttl) least = std::min(least, *message.ttl);
  return parts_.clock.lab_now() + least;
}

bool MessageQueue::full(std::size_t more) const {
  const bool many = limits_.max_length && rule_.ready() + (more ? 1 : 0) > *limits_.max_length;
  return many || (limits_.max_length_bytes && holdings_.ready_bytes + more > *limits_.max_length_bytes);
}

void MessageQueue::drop_excess() {
  if (limits_.overflow != Overflow::drop_head || !full(0)) return;
  while (full(0) && rule_.ready() > 0) {
    std::size_t level = rule_.levels() - 1;
    while (!rule_.head(level)) --level;
    die(rule_.drop_head(level), From::ready, Death::maxlen);
  }
}

void MessageQueue::expire() {
  if (timed_messages_ == 0) return;
  const LabTime now = parts_.clock.lab_now();
  bool any = false;
  for (std::size_t level = 0; level < rule_.levels(); ++level) {
    while (const QueueRule::Ready* head = rule_.head(level)) {
      const auto& expires = messages_.at(head->message).expires;
      if (!expires || now < *expires) break;
      any = true;
      die(rule_.drop_head(level), From::ready, Death::expired);
    }
  }
  if (any) show();
}

// The copy in the dead-letter queue and the end of this one go to disk in the same commit.
void MessageQueue::die(MessageId id, From from, Death death) {
  const MessagePtr message = messages_.at(id).message;
  forget(id, from);
  parts_.undertaker.died(*this, *message, death);
}

void MessageQueue::forget(MessageId id, From from) {
  const auto at = messages_.find(id);
  const Message& message = *at->second.message;
  const std::size_t size = message.bytes();
  (from == From::ready ? holdings_.ready_bytes : holdings_.unacked_bytes) -= message.body.size();
  if (message.persistent) {
    --holdings_.persistent;
    holdings_.persistent_bytes -= message.body.size();
  }
  if (at->second.expires) --timed_messages_;
  if (spec_.stored() && message.persistent) parts_.store.erase(id);
  messages_.erase(at);
  bytes_ -= size;
  parts_.accounts.release(size);
}

}  // namespace chaos::broker
