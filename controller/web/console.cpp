#include "web/console.hpp"

#include "record/postmortem.hpp"
#include "record/words.hpp"
#include "web/page.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos::web {

namespace {

constexpr std::string_view kRunRoute = "/runs/*";
constexpr std::size_t kMaxRunDigits = 9;
constexpr std::uint64_t kMostTicks = 4000;      // the controller's own memory is limited in a container

bool is_run(std::string_view id) {
  const auto digits = id.substr(std::min<std::size_t>(1, id.size()));
  return id.starts_with('r') && !digits.empty() && digits.size() <= kMaxRunDigits && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

HttpResponse sorry(unsigned status, std::string_view what) {
  const std::string text = record::escape_html(what);
  return html_response(status, plain_page("Chaos lab", fmt::format("<h1>{}</h1>\n<p><a href=\"/\">Back to the lab</a></p>\n", text)), plain_policy());
}

// The page is the report's own: it has no script, and its style stands in it.
const std::string& report_policy() {
  static const std::string policy = policy_of({});
  return policy;
}

unsigned status_of(ArchiveFailure::Kind kind) { return kind == ArchiveFailure::Kind::record ? 500 : 503; }

// Empty: there is no such run, or it goes on.
Archive::Answer report(RecordReader& reader, const std::string& id) {
  const auto runs = reader.runs();
  if (!runs) return ArchiveFailure{ArchiveFailure::Kind::record, runs.error().text};
  const auto run = std::find_if(runs->begin(), runs->end(), [&](const RunInfo& one) { return one.id == id; });
  if (run == runs->end() || (run->state != RunState::ended && run->state != RunState::interrupted)) return std::string();
  const auto data = reader.load(id, kMostTicks);
  if (!data) return ArchiveFailure{ArchiveFailure::Kind::record, data.error().text};
  return postmortem_html(*data);
}

Archive::Answer status_with_runs(RecordReader& reader, StatusView view) {
  auto runs = reader.runs();
  if (!runs) return ArchiveFailure{ArchiveFailure::Kind::record, runs.error().text};
  view.runs = std::move(*runs);
  return status_json(view);
}

}  // namespace

Console::Console(Parts parts) : p_(std::move(parts)), runbooks_(runbook_folders()), runbook_names_(runbooks_.names()) {}

void Console::add_to(Routes& routes) {
  runbooks_.add_to(routes);
  routes.get("/", [](const HttpRequest&) { return html_response(200, console_page(), console_policy()); });
  routes.get("/api/status", [this](HttpRequest request) { return status(std::move(request)); });
  routes.get(std::string(kRunRoute), [this](HttpRequest request) { return run(std::move(request)); });
}

awaitable<HttpResponse> Console::status(HttpRequest request) {
  StatusView view{p_.status(), p_.title, {}, p_.links, {p_.published}, runbook_names_};
  if (const auto host = host_of(request.headers.get("Host").value_or(""))) view.place.host = *host;
  auto answer = co_await p_.archive.ask([view = std::move(view)](RecordReader& reader) { return status_with_runs(reader, view); });
  if (!answer) co_return text_response(status_of(answer.error().kind), answer.error().text + "\n");
  auto response = json_response(200, std::move(*answer));
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("X-Content-Type-Options", "nosniff");
  co_return response;
}

awaitable<HttpResponse> Console::run(HttpRequest request) {
  const std::string id(below(kRunRoute, request.path()));
  if (!is_run(id)) co_return sorry(404, "A run is r1, r2, ...");
  auto answer = co_await p_.archive.ask([id](RecordReader& reader) { return report(reader, id); });
  if (!answer) co_return sorry(status_of(answer.error().kind), answer.error().text);
  if (answer->empty()) co_return sorry(404, id + " is not in the record, or it goes on: its post-mortem comes with its end");
  co_return html_response(200, std::move(*answer), report_policy());
}

}  // namespace chaos::web
