// An engine with one client and a clock that is moved by hand; answers come back decoded.
#pragma once

#include "redis/engine.hpp"
#include "wire/resp_reply.hpp"

#include <gtest/gtest.h>

namespace chaos::redis {

class Desk {
 public:
  Desk() : engine(clock, "127.0.0.1") {
    client.remote = "127.0.0.1:4711";
    client.close = [this] { ++closed; };
    engine.join(client);
  }

  resp::Value run(std::vector<std::string> words) { return run_as(client, std::move(words)); }
  resp::Value run_as(Client& who, std::vector<std::string> words) {
    std::vector<std::string_view> args(words.begin(), words.end());
    std::string bytes;
    resp::Writer writer(bytes, who.protocol);
    const bool ok = engine.execute(who, engine.find(args), args, writer) == Outcome::ok;
    resp::ReplyDecoder decoder;
    decoder.feed(bytes);
    resp::Value value;
    EXPECT_EQ(decoder.next(value), resp::Progress::ready) << bytes;
    EXPECT_TRUE(decoder.idle()) << bytes;
    EXPECT_EQ(ok, !value.is_error()) << bytes;
    return value;
  }
  std::string text(std::vector<std::string> words) { return run(std::move(words)).text; }
  std::int64_t number(std::vector<std::string> words) {
    const auto value = run(std::move(words));
    EXPECT_EQ(value.kind, resp::Kind::integer) << value.text;
    return value.integer;
  }
  void pass_lab(double seconds) { clock.advance(std::chrono::duration_cast<RealDuration>(std::chrono::duration<double>(seconds))); }

  ManualClock clock;
  Engine engine;
  Client client;
  int closed = 0;
};

}  // namespace chaos::redis
