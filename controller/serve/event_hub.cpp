#include "serve/event_hub.hpp"

#include "serve/host.hpp"

#include <algorithm>

namespace chaos {

namespace {
constexpr std::size_t kKept = 10'000;
}

EventHub::EventHub(const Clock& clock, Log& log, Append append) : clock_(clock), log_(log), append_(std::move(append)) {}

void EventHub::publish(Happening happening) {
  if (!happening.hidden) {
    log_.info("lab_event", {{"kind", happening.kind}, {"of", happening.node}, {"what", happening.what}, {"text", happening.text}, {"actor", happening.actor}});
  }
  v1::Event event;
  event.set_lab_s(happening.lab_s.value_or(clock_.lab_now().seconds()));
  event.set_unix_us(unix_us_now());
  event.set_kind(std::move(happening.kind));
  event.set_node(std::move(happening.node));
  event.set_what(std::move(happening.what));
  event.set_text(std::move(happening.text));
  event.set_actor(std::move(happening.actor));
  event.set_hidden(happening.hidden);
  event.set_seq(append_(event));
  std::erase_if(readers_, [](const Reader& reader) { return reader.stream->gone(); });
  for (const Reader& reader : readers_) {
    if (shows(event, reader.see_hidden)) reader.stream->push(event);
  }
  events_.push_back(std::move(event));
  if (events_.size() > kKept) events_.pop_front();
}

void EventHub::serve(const Stream::Ptr& stream, std::uint64_t seq, bool see_hidden, bool follow) {
  for (v1::Event& event : after(seq, see_hidden)) {
    if (!stream->push(std::move(event))) return;
  }
  if (follow) readers_.push_back({stream, see_hidden});
  else stream->finish(grpc::Status::OK);
}

std::vector<v1::Event> EventHub::after(std::uint64_t seq, bool see_hidden) const {
  std::vector<v1::Event> out;
  for (const v1::Event& event : events_) {
    if (event.seq() > seq && shows(event, see_hidden)) out.push_back(event);
  }
  return out;
}

std::vector<v1::Event> EventHub::last(std::size_t count, bool see_hidden) const {
  std::vector<v1::Event> out;
  for (auto event = events_.rbegin(); event != events_.rend() && out.size() < count; ++event) {
    if (shows(*event, see_hidden)) out.push_back(*event);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

void EventHub::close() {
  for (const Reader& reader : readers_) reader.stream->finish(grpc::Status::OK);
  readers_.clear();
}

}  // namespace chaos
