// The record behind Prometheus' HTTP API, so that Grafana shows the run's events beside the metrics.
#pragma once

#include "web/archive.hpp"
#include "web/record_slice.hpp"
#include "web/routes.hpp"

namespace chaos::web {

/// Engine's thread. GET and POST of /api/v1/query_range, query, series, labels; GET of label/NAME/values, metadata,
/// status/buildinfo. Selectors as in selector.hpp, series as in lab_series.hpp; what else Prometheus answers is refused in its
/// own form. Lives as long as the table.
class PromApi {
 public:
  using Current = std::function<CurrentRun()>;

  PromApi(Archive& archive, Current current) : archive_(archive), current_(std::move(current)) {}
  void add_to(Routes& routes);

 private:
  using Make = std::function<std::string(const Slice& slice)>;
  using Handler = awaitable<HttpResponse> (PromApi::*)(Form form, std::string path);

  void add(Routes& routes, const std::string& path, Handler handler, bool post);
  awaitable<HttpResponse> query_range(Form form, std::string path);
  awaitable<HttpResponse> query(Form form, std::string path);
  awaitable<HttpResponse> series(Form form, std::string path);
  awaitable<HttpResponse> labels(Form form, std::string path);
  awaitable<HttpResponse> values(Form form, std::string path);
  awaitable<HttpResponse> answer(SliceWish wish, Make make);

  Archive& archive_;
  Current current_;
};

}  // namespace chaos::web
