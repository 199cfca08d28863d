// What a shared cache may keep, for how long, and what a kept response is worth later (RFC 9111). Pure.
// Ages and lifetimes are lab time: an origin's max-age=60 means 60 lab seconds, and Age counts lab seconds.
#pragma once

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
  LabDuration lifetime{};        // freshness, from the response's own making
  LabDuration initial_age{};     // what it had when it came (the origin's Age)
  LabDuration stale_if_error{};  // after the lifetime
};

/// default_ttl: lifetime of a 200 whose origin names none; nullopt: such a response is not kept.
CacheDecision decide(const HttpRequest& request, const HttpResponse& response, std::optional<LabDuration> default_ttl);

/// A response that was kept, or is on its way to those who wait for it.
struct CachedResponse {
  unsigned status = 200;
  Headers headers;
  std::string body;
  LabTime stored{};
  CacheDecision decision;

  LabDuration age(LabTime now) const;
  bool fresh(LabTime now) const { return age(now) < decision.lifetime; }
  bool usable_on_error(LabTime now) const { return age(now) < decision.lifetime + decision.stale_if_error; }
};

using CachedPtr = std::shared_ptr<const CachedResponse>;

/// `old`, confirmed by an origin's 304: its fields take the place of the old ones (RFC 9111 section 3.2).
HttpResponse confirmed(const CachedResponse& old, const HttpResponse& not_modified);

/// The answer to a GET or HEAD from a kept response: preconditions and one byte range are obeyed, Age is given.
HttpResponse answer_from(const CachedResponse& cached, const HttpRequest& request, LabTime now);

}  // namespace chaos
