// Fetches under way, one a key: who comes second waits for the first (request collapsing, RFC 9111 section 4).
#pragma once

#include "cdn/cache_rule.hpp"
#include "runtime/error.hpp"
#include "runtime/wait_list.hpp"

#include <map>

namespace chaos {

/// What a fetch came to.
struct Landing {
  ErrorCode error;         // no answer from the origin
  CachedPtr response;      // set when there is no error
  bool confirmed = false;  // the origin said that the copy in hand is still good
};

struct Flight {
  bool landed = false;
  Landing landing;
  WaitList waiters;        // notified when it has landed
};

/// Data thread only.
class Flights {
 public:
  struct Ticket {
    std::shared_ptr<Flight> flight;
    bool leads = false;    // this caller fetches and calls land(), whatever happens
  };
  Ticket board(const std::string& key);
  void land(const std::string& key, const std::shared_ptr<Flight>& flight, Landing landing);

  /// After a purge: those under way still serve who boarded, and nobody boards them any more.
  void forget(std::string_view key) { under_way_.erase(std::string(key)); }
  void forget_prefix(std::string_view prefix);
  bool under_way(std::string_view key) const { return under_way_.find(key) != under_way_.end(); }
  std::size_t size() const { return under_way_.size(); }

 private:
  std::map<std::string, std::shared_ptr<Flight>, std::less<>> under_way_;
};

/// Lands the flight with Errc::reset when its leader ends without having done so (cancelled, or an exception).
class Leader {
 public:
  Leader(Flights& flights, std::string key, std::shared_ptr<Flight> flight)
      : flights_(flights), key_(std::move(key)), flight_(std::move(flight)) {}
  Leader(const Leader&) = delete;
  Leader& operator=(const Leader&) = delete;
  ~Leader() { if (!flight_->landed) land({Errc::reset, nullptr, false}); }
  void land(Landing landing) { flights_.land(key_, flight_, std::move(landing)); }

 private:
  Flights& flights_;
  std::string key_;
  std::shared_ptr<Flight> flight_;
};

/// Answers on their way of which a purge or a change may say meanwhile that they are no longer true. Data thread only.
class Fetches {
 public:
  /// One of them, from before the origin is asked until its answer is kept.
  class Ticket {
   public:
    Ticket(Fetches& all, std::string target);
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket() { all_.under_way_.erase(place_); }
    const std::string& target() const { return place_->first; }
    bool outdated() const { return place_->second; }

   private:
    Fetches& all_;
    std::multimap<std::string, bool, std::less<>>::iterator place_;
  };
  void outdate(std::string_view target);
  void outdate_prefix(std::string_view prefix);

 private:
  std::multimap<std::string, bool, std::less<>> under_way_;    // true: outdated
};

}  // namespace chaos
