// What a shared cache may keep, for how long, and what a kept response is worth later (RFC 9111). Pure.
// Ages and lifetimes are lab time: an origin's max-age=60 means 60 lab seconds, and Age counts lab seconds.
#pragma once

#include "cdn/cache_control.hpp"
#include "runtime/http.hpp"
#include "runtime/units.hpp"

#include <memory>
#include <optional>

namespace chaos {

/// How long a response that is past its lifetime may still stand in for a failing origin, when the origin says nothing.
inline constexpr LabDuration kStaleIfError{86'400'000'000};

struct CacheDecision {
  bool shareable = false;        // may answer other users that wait for the same fetch
  bool keep = false;
  bool no_cache = false;         // kept, and confirmed by the origin before every use
  bool never_stale = false;      // must-revalidate, proxy-revalidate, s-maxage (section 4.2.4)
  bool aged = false;             // it came with an Age: another cache had it
  LabDuration lifetime{};        // freshness, from the response's own making
  LabDuration initial_age{};     // what it had when it came (section 4.2.3)
  LabDuration stale_while_revalidate{};  // after the lifetime
  LabDuration stale_if_error{};          // after the lifetime
};

/// How a response came: what its age on arrival is computed from.
struct Arrival {
  LabDuration delay{};           // between asking and having it
  std::int64_t wall_s = 0;       // when it came, since 1970; 0: its Date is not looked at
  double speed = 1;              // lab seconds in a second: Date is real time
};

/// default_ttl: lifetime of a 200 whose origin names none (a heuristic, section 4.2.2); nullopt: such a response is not kept.
CacheDecision decide(const HttpRequest& request, const HttpResponse& response, std::optional<LabDuration> default_ttl, const Arrival& arrival = {});

using Selecting = std::vector<std::pair<std::string, std::string>>;
/// The request's fields that the response names in Vary, with their values: the secondary key (section 4.1).
Selecting selecting_fields(const HttpRequest& request, const HttpResponse& response);

/// A response that was kept, or is on its way to those who wait for it.
struct CachedResponse {
  unsigned status = 200;
  Headers headers;
  std::string body;
  LabTime stored{};
  CacheDecision decision;
  Selecting selecting = {};

  LabDuration age(LabTime now) const;
  bool fresh(LabTime now) const { return !decision.no_cache && age(now) < decision.lifetime; }
  bool usable_on_error(LabTime now) const { return !decision.no_cache && age(now) < decision.lifetime + decision.stale_if_error; }
  /// True when it was selected by the same values of the fields in Vary.
  bool matches(const HttpRequest& request) const;
};

using CachedPtr = std::shared_ptr<const CachedResponse>;

enum class Use {
  fresh,        // answers
  stale,        // answers, though old: the request allows it (max-stale)
  meanwhile,    // answers, though old, while it is confirmed (stale-while-revalidate)
  confirm,      // the origin must be asked first
};
Use judge(const CachedResponse& cached, const RequestControl& control, LabTime now);

/// `old`, confirmed by an origin's 304: its fields take the place of the old ones (RFC 9111 section 3.2).
HttpResponse confirmed(const CachedResponse& old, const HttpResponse& not_modified);

/// The answer to a GET or HEAD from a kept response: preconditions and one byte range are obeyed, Age is given.
HttpResponse answer_from(const CachedResponse& cached, const HttpRequest& request, LabTime now);

}  // namespace chaos
