#include "web/prom_api.hpp"

#include "web/prom_answer.hpp"

#include <fmt/format.h>

#include <limits>

namespace chaos::web {

namespace {

// Of which Prometheus this API is: Grafana offers what that version can do.
constexpr std::string_view kVersion = "2.42.0";
constexpr TimeRange kAllTime{std::numeric_limits<std::int32_t>::min() * std::int64_t{1000}, std::numeric_limits<std::int32_t>::max() * std::int64_t{1000}};

Parsed<std::vector<Selector>> selectors_of(const Form& form) {
  std::vector<Selector> out;
  for (const std::string& text : form.all("match[]")) {
    auto one = parse_selector(text);
    if (!one) return BadData{fmt::format("invalid parameter \"match[]\": {}", one.error().text)};
    out.push_back(std::move(*one));
  }
  return out;
}

Parsed<SliceWish> list_wish(const Form& form) {
  auto selectors = selectors_of(form);
  if (!selectors) return selectors.error();
  const auto range = time_range(form, kAllTime);
  if (!range) return range.error();
  return SliceWish{std::move(*selectors), *range, {}};
}

HttpResponse failed(const ArchiveFailure& failure) {
  switch (failure.kind) {
    case ArchiveFailure::Kind::timeout: return web::failure(503, "timeout", failure.text);
    case ArchiveFailure::Kind::overloaded: return web::failure(503, "unavailable", failure.text);
    case ArchiveFailure::Kind::record: return web::failure(500, "internal", failure.text);
  }
  return web::failure(500, "internal", failure.text);
}

}  // namespace

void PromApi::add(Routes& routes, const std::string& path, Handler handler, bool post) {
  Routes::Task task = [this, handler](HttpRequest request) -> awaitable<HttpResponse> {
    auto form = Form::of(request);
    if (!form) co_return bad_data(form.error());
    co_return co_await (this->*handler)(std::move(*form), std::string(request.path()));
  };
  if (post) routes.post(path, task);
  routes.get(path, std::move(task));
}

void PromApi::add_to(Routes& routes) {
  add(routes, "/api/v1/query_range", &PromApi::query_range, true);
  add(routes, "/api/v1/query", &PromApi::query, true);
  add(routes, "/api/v1/series", &PromApi::series, true);
  add(routes, "/api/v1/labels", &PromApi::labels, true);
  add(routes, "/api/v1/label/*", &PromApi::values, false);
  routes.get("/api/v1/metadata", [](const HttpRequest&) { return json_response(200, metadata_answer()); });
  routes.get("/api/v1/status/buildinfo", [](const HttpRequest&) { return json_response(200, build_answer(kVersion)); });
  const Routes::Page unknown = [](const HttpRequest&) { return failure(404, "not_found", "of Prometheus' API there are query_range, query, series, labels, label/NAME/values, metadata and status/buildinfo"); };
  routes.get("/api/v1/*", unknown);
  routes.post("/api/v1/*", unknown);
}

awaitable<HttpResponse> PromApi::answer(SliceWish wish, Make make) {
  wish.current = current_();
  const auto answer = co_await archive_.ask([wish = std::move(wish), make = std::move(make)](RecordReader& reader) -> Archive::Answer {
    const auto slice = read_slice(reader, wish);
    if (!slice) return ArchiveFailure{ArchiveFailure::Kind::record, slice.error().text};
    return make(*slice);
  });
  if (!answer) co_return failed(answer.error());
  co_return json_response(200, *answer);
}

awaitable<HttpResponse> PromApi::query_range(Form form, std::string) {
  const auto grid = grid_of(form);
  if (!grid) co_return bad_data(grid.error());
  if (const auto sum = parse_sum(form.get("query"))) co_return json_response(200, scalar_answer(*sum, *grid));
  auto selector = parse_selector(form.get("query"));
  if (!selector) co_return bad_data({fmt::format("invalid parameter \"query\": {}", selector.error().text)});
  SliceWish wish{{std::move(*selector)}, {grid->from_ms - grid->step_ms + 1, grid->to_ms}, {}};
  co_return co_await answer(std::move(wish), [grid = *grid](const Slice& slice) { return matrix_answer(slice, grid); });
}

awaitable<HttpResponse> PromApi::query(Form form, std::string) {
  const auto at = form.get("time").empty() ? Parsed<std::int64_t>(current_().now_ms) : parse_time("time", form.get("time"));
  if (!at) co_return bad_data(at.error());
  if (const auto sum = parse_sum(form.get("query"))) co_return json_response(200, scalar_answer(*sum, *at));
  auto selector = parse_selector(form.get("query"));
  if (!selector) co_return bad_data({fmt::format("invalid parameter \"query\": {}", selector.error().text)});
  SliceWish wish{{std::move(*selector)}, {*at - kLookBackMs + 1, *at}, {}};
  co_return co_await answer(std::move(wish), [at = *at](const Slice& slice) { return vector_answer(slice, at); });
}

awaitable<HttpResponse> PromApi::series(Form form, std::string) {
  auto wish = list_wish(form);
  if (wish && wish->selectors.empty()) wish = BadData{"no match[] parameter provided"};
  if (!wish) co_return bad_data(wish.error());
  co_return co_await answer(std::move(*wish), series_answer);
}

awaitable<HttpResponse> PromApi::labels(Form form, std::string) {
  auto wish = list_wish(form);
  if (!wish) co_return bad_data(wish.error());
  co_return co_await answer(std::move(*wish), [](const Slice& slice) { return list_answer(label_names(slice), slice.cut); });
}

awaitable<HttpResponse> PromApi::values(Form form, std::string path) {
  const std::string_view rest = below("/api/v1/label/*", path);
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || rest.substr(slash) != "/values") co_return failure(404, "not_found", "label/NAME/values is what there is below label/");
  const auto name = percent_decode(rest.substr(0, slash));
  if (!name || !is_label_name(*name)) co_return bad_data({fmt::format("invalid label name: \"{}\"", rest.substr(0, slash))});
  auto wish = list_wish(form);
  if (!wish) co_return bad_data(wish.error());
  co_return co_await answer(std::move(*wish), [name = *name](const Slice& slice) { return list_answer(label_values(slice, name), slice.cut); });
}

}  // namespace chaos::web
