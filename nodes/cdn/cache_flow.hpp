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
  /// its failure. A copy past its lifetime is confirmed by its ETag, and stands in when the origin fails.
  awaitable<Served> serve_static(HttpRequest request);
  /// Any other request. Kept only when the origin names a lifetime.
  awaitable<Served> pass(HttpRequest request);
  /// Removes the target, or with a '*' at its end everything that begins so: 200, or 404 when nothing was there.
  HttpResponse purge(std::string_view target);

  const CacheStore& store() const { return store_; }
  RealTime deadline() const;

 private:
  const v1::CdnConfig& config() const { return ctx_.desired().config().cdn(); }
  LabTime now() const { return ctx_.clock.lab_now(); }
  awaitable<Landing> fetch_static(HttpRequest request, CachedPtr known);
  awaitable<Landing> lead(HttpRequest request, CachedPtr known, std::shared_ptr<Flight> flight);
  Served settle(const Landing& landing, const CachedPtr& known, const HttpRequest& request) const;
  CachedPtr receive(const HttpRequest& request, HttpResponse response, std::optional<LabDuration> ttl) const;
  void keep(const std::string& key, CachedPtr response, std::uint64_t purges);
  void publish();

  NodeContext& ctx_;
  CdnMetrics& metrics_;
  CacheStore store_;
  Flights flights_;
  Origins object_store_;
  Origins lb_;
  std::uint64_t purges_ = 0;      // a fetch that began before one is not kept
  std::uint64_t evictions_ = 0;   // already counted
};

}  // namespace chaos
