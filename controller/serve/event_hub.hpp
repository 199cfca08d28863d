// What happened in the run: to the record, to the log, to everyone who listens.
#pragma once

#include "chaoslab/v1/lab.pb.h"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"
#include "serve/server_stream.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace chaos {

struct Happening {
  std::string kind;     // run, node, fault, action, alert, traffic, deploy, ledger
  std::string node;
  std::string what;
  std::string text;
  std::string actor;
  bool hidden = false;
  std::optional<double> lab_s{};     // when it was, if not now
};

/// Engine's thread only. Keeps the newest 10,000 events in memory.
class EventHub {
 public:
  using Stream = ServerStream<v1::Event>;
  /// Writes an event to the record and gives its number.
  using Append = std::function<std::uint64_t(const v1::Event&)>;

  EventHub(const Clock& clock, Log& log, Append append);
  void publish(Happening happening);
  /// Of a run that goes on: what is in the record already.
  void restore(const std::vector<v1::Event>& events) { events_.assign(events.begin(), events.end()); }
  /// Hidden events are shown to everyone from now on.
  void reveal() { revealed_ = true; }

  /// Sends what came after `seq`, and with `follow` what comes; else ends the stream.
  void serve(const Stream::Ptr& stream, std::uint64_t seq, bool see_hidden, bool follow);
  std::vector<v1::Event> after(std::uint64_t seq, bool see_hidden) const;
  std::vector<v1::Event> last(std::size_t count, bool see_hidden) const;
  /// Ends every stream.
  void close();

 private:
  struct Reader {
    Stream::Ptr stream;
    bool see_hidden;
  };
  bool shows(const v1::Event& event, bool see_hidden) const { return !event.hidden() || see_hidden || revealed_; }

  const Clock& clock_;
  Log& log_;
  Append append_;
  std::deque<v1::Event> events_;
  std::vector<Reader> readers_;
  bool revealed_ = false;
};

}  // namespace chaos
