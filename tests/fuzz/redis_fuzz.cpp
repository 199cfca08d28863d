// Whatever two clients send, decoded and carried out on an engine: no crash, answers that a client can decode, an account
// that comes back to nothing, memory that stays bounded.
#include "redis/engine.hpp"
#include "wire/resp_reply.hpp"
#include "wire/resp_request.hpp"

#include <cstdlib>

namespace {

using namespace chaos;

struct Seat {
  redis::Client client;
  resp::RequestDecoder decoder{[] {
    resp::Limits limits;
    limits.max_bulk = 4096;
    limits.max_total = 16384;
    limits.max_items = 512;
    return limits;
  }()};
};

void check_answers(std::string& out) {
  resp::ReplyDecoder decoder;
  decoder.feed(out);
  resp::Value value;
  resp::Progress progress;
  while ((progress = decoder.next(value)) == resp::Progress::ready) {}
  if (progress == resp::Progress::malformed && decoder.error() != "too many elements" && decoder.error() != "bad element count") std::abort();
  out.clear();
}

void serve(redis::Engine& engine, Seat& seat, std::string_view bytes) {
  seat.decoder.feed(bytes);
  while (!seat.client.closing && !seat.client.blocked && seat.decoder.next() == resp::Progress::ready) {
    const auto args = seat.decoder.args();
    resp::Writer out(seat.client.out, seat.client.protocol);
    engine.execute(seat.client, engine.find(args), args, out);
    if (!seat.client.closing) check_answers(seat.client.out);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ManualClock clock;
  redis::Engine engine(clock, "127.0.0.1");
  redis::Settings settings;
  settings.maxmemory = 8'000'000;
  settings.latency_ms = 1;
  settings.normal.hard = 1'000'000;
  engine.set_settings(settings);
  Seat seats[2];
  for (auto& seat : seats) {
    seat.client.close = [&seat] { seat.client.closing = true; };
    engine.join(seat.client);
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : data[size / 2] % size;
  serve(engine, seats[0], bytes.substr(0, cut));
  serve(engine, seats[1], bytes.substr(cut));
  clock.advance(std::chrono::seconds(5));
  engine.tick();
  serve(engine, seats[0], bytes.substr(cut));
  engine.keyspace.clear();
  if (engine.keyspace.used_bytes() != redis::Keyspace().used_bytes()) std::abort();
  for (auto& seat : seats) engine.leave(seat.client);
  return 0;
}
