// What happens to a request that reached the cache: answered from it, fetched once for all who wait, or passed on.
#pragma once

#include "cdn/cache_store.hpp"
#include "cdn/flights.hpp"
#include "cdn/metrics.hpp"

namespace chaos {

/// Data thread only. Everything under /static/ comes from the object store; the rest from the load balancer.
class CacheFlow {
 public:
  struct Served {
    HttpResponse response;
    CacheResult result;
  };

  CacheFlow(NodeContext& ctx, CdnMetrics& metrics);
  void reconfigure();

  /// GET or HEAD of a static object. A miss fetches it whole; further requests for it wait for that fetch, and share
  /// its failure. A copy past its lifetime is confirmed by its validators, and stands in when the origin fails.
  awaitable<Served> serve_static(HttpRequest request);
  /// Any other request. Kept only when the origin names a lifetime; what is kept is confirmed as above.
  awaitable<Served> pass(HttpRequest request);
  /// Removes the target, or with a '*' at its end everything that begins so: 200, or 404 when nothing was there.
  HttpResponse purge(std::string_view target);

  CacheStore& store() { return store_; }
  const CacheStore& store() const { return store_; }
  RealTime deadline() const;

 private:
  /// Where a request's answers come from.
  struct Source {
    Origins* origin;
    bool is_static;
  };
  const v1::CdnConfig& config() const { return ctx_.desired().config().cdn(); }
  LabTime now() const { return ctx_.clock.lab_now(); }
  std::optional<LabDuration> ttl(const Source& source) const;

  /// The answer that the cache has without asking, if any. Starts the confirmation of one that is used meanwhile.
  std::optional<Served> from_cache(const HttpRequest& request, const RequestControl& control, const CachedPtr& known, Source source);
  awaitable<Served> refreshed(HttpRequest request, RequestControl control, CachedPtr known, Source source);
  awaitable<Landing> joined(HttpRequest request, CachedPtr known, Source source);
  awaitable<Landing> lead(HttpRequest request, CachedPtr known, std::shared_ptr<Flight> flight, Source source);
  awaitable<Landing> fetch_whole(HttpRequest request, CachedPtr known, Source source);
  awaitable<void> confirm_meanwhile(HttpRequest request, CachedPtr known, std::shared_ptr<Flight> flight, Source source);
  awaitable<Result<HttpResponse>> ask(HttpRequest request, Source source);
  awaitable<Served> pass_on(HttpRequest request);
  Served settle(const Landing& landing, const CachedPtr& known, const HttpRequest& request, const Source& source) const;
  CachedPtr receive(const HttpRequest& request, HttpResponse response, std::optional<LabDuration> ttl, LabTime asked) const;
  void keep(const Fetches::Ticket& fetch, CachedPtr response);
  void changed(const std::string& target);
  void publish();

  NodeContext& ctx_;
  CdnMetrics& metrics_;
  CacheStore store_;
  Flights flights_;
  Fetches fetches_;
  Origins object_store_;
  Origins lb_;
  std::uint64_t evictions_ = 0;   // already counted
};

}  // namespace chaos
