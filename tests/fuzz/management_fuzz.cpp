// Any method, path and body through the queue's management API and its Prometheus pages: no crash, an answer that is one, and JSON
// where JSON is promised. Input: METHOD, space, path, newline, body.
#include "queue/management/management.hpp"
#include "queue/management/prometheus_page.hpp"
#include "wire/base64.hpp"

#include <boost/json.hpp>

#include <cstdlib>
#include <memory>

namespace {

using namespace chaos;
using namespace chaos::broker;

// A broker in memory that remembers what earlier inputs did, for a while.
struct World {
  ManualClock clock;
  prometheus::Registry registry;
  BrokerMetrics metrics{registry};
  Store store{":memory:"};
  Log log{"queue-1", clock};
  Committer commits{store, log};
  Broker broker{store, metrics, clock, Rng(1)};
  Users users{"guest:guest"};
  Desk desk{broker, commits, users, "queue-1", "127.0.0.1", 10, {}, [] { return std::vector<ConnectionView>(1); }, [](SessionId, const std::string&) {}};

  World() {
    QueueSpec spec{"q", true, false, false, {}};
    QueuePtr queue;
    broker.declare_queue(spec, false, 1, queue);
  }
};

bool known(unsigned status) {
  for (const unsigned one : {200u, 201u, 204u, 400u, 401u, 404u, 405u, 503u}) {
    if (status == one) return true;
  }
  return false;
}

void check(const HttpRequest& request, const HttpResponse& response) {
  if (!known(response.status)) std::abort();
  if (response.status != 200 || !request.path().starts_with("/api/")) return;
  boost::system::error_code error;
  boost::json::parse(response.body, error);
  if (error) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<World> world;
  static int age = 0;
  if (!world || ++age % 2000 == 0) world = std::make_unique<World>();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return 0;
  HttpRequest request;
  request.method = line.substr(0, space);
  request.target = line.substr(space + 1);
  request.body = line.size() < bytes.size() ? bytes.substr(line.size() + 1) : std::string_view();
  request.headers.set("Authorization", "Basic " + base64_encode("guest:guest"));
  check(request, manage(world->desk, request));
  if (!known(prometheus_page(world->desk, request).status)) std::abort();
  world->broker.tick();
  return 0;
}
