// Group commit: all that changed in one turn of the event loop goes to disk in one transaction, and the publishers
// are told after it.
#pragma once

#include "queue/store.hpp"
#include "runtime/log.hpp"
#include "runtime/stats.hpp"
#include "runtime/wait_list.hpp"

namespace chaos::broker {

/// Who is told that its messages are safe.
class Publisher {
 public:
  virtual ~Publisher() = default;
  /// Everything up to this publish (its number on its channel) is safe; `count` of them since the last call.
  virtual void confirmed(std::uint64_t number, std::uint64_t count) = 0;
};

/// Data thread only.
class Committer {
 public:
  Committer(Store& store, Log& log);
  /// Tells `publisher` after the commit that is to come.
  void confirm(std::weak_ptr<Publisher> publisher, std::uint64_t number, RequestStats::Scope scope);
  /// Until cancelled. At most one commit a millisecond. A commit that fails is tried again; nobody is told meanwhile.
  awaitable<void> run();
  /// Commits now. False: it failed, and everything is kept for the next try.
  bool flush();

 private:
  struct Waiting {
    std::weak_ptr<Publisher> publisher;
    std::uint64_t number;
    RequestStats::Scope scope;
  };
  void tell();

  Store& store_;
  Log& log_;
  std::vector<Waiting> waiting_;
  WaitList work_;
};

}  // namespace chaos::broker
