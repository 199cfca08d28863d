#include "wire/amqp_frame.hpp"

#include <gtest/gtest.h>

namespace chaos::amqp {
namespace {

using Progress = FrameDecoder::Progress;

TEST(AmqpFrame, WritesTypeChannelSizePayloadAndFrameEnd) {
  std::string out;
  append_frame(out, FrameType::method, 0x0102, "abc");
  EXPECT_EQ(out, std::string("\x01\x01\x02\x00\x00\x00\x03" "abc\xCE", 11));
}

TEST(AmqpFrame, HeartbeatIsEightBytesOnChannelZero) {
  std::string out;
  append_heartbeat(out);
  EXPECT_EQ(out, std::string("\x08\x00\x00\x00\x00\x00\x00\xCE", 8));
}

TEST(AmqpFrame, DecoderTakesAnyCut) {
  std::string wire;
  append_frame(wire, FrameType::method, 1, "first");
  append_frame(wire, FrameType::body, 2, std::string(300, 'x'));
  append_heartbeat(wire);
  for (std::size_t step = 1; step <= wire.size(); step += 7) {
    FrameDecoder decoder;
    std::vector<std::pair<int, std::size_t>> seen;
    for (std::size_t at = 0; at < wire.size(); at += step) {
      decoder.feed(std::string_view(wire).substr(at, step));
      Frame frame;
      Progress progress = decoder.next(frame);
      for (; progress == Progress::ready; progress = decoder.next(frame)) {
        seen.emplace_back(static_cast<int>(frame.type), frame.payload.size());
      }
      ASSERT_EQ(progress, Progress::more);
    }
    EXPECT_EQ(seen, (std::vector<std::pair<int, std::size_t>>{{1, 5}, {3, 300}, {8, 0}})) << "step " << step;
  }
}

Progress decode(std::string_view wire) {
  FrameDecoder decoder(4096);
  decoder.feed(wire);
  Frame frame;
  return decoder.next(frame);
}

TEST(AmqpFrame, RefusesWhatTheGrammarForbids) {
  EXPECT_EQ(decode(std::string_view("\x05", 1)), Progress::malformed) << "unknown type";
  EXPECT_EQ(decode(std::string_view("\x01\x00\x01\x00\x00\x00\x01" "aX", 9)), Progress::malformed) << "no frame-end";
  EXPECT_EQ(decode(std::string_view("\x01\x00\x01\x00\x00\x10\x00", 7)), Progress::malformed) << "over frame-max";
  EXPECT_EQ(decode(std::string_view("\x01\x00\x01\x00\x00\x0f\xf8", 7)), Progress::more) << "exactly frame-max";
  EXPECT_EQ(decode(std::string_view("\x08\x00\x01\x00\x00\x00\x00\xCE", 8)), Progress::malformed)
      << "heartbeat off channel 0";
}

TEST(AmqpFrame, BodyIsCutAtFrameMax) {
  std::string out;
  append_body(out, 1, std::string(10, 'b'), 12);   // 4 bytes of payload a frame
  EXPECT_EQ(out.size(), 10 + 3 * kFrameOverhead);
  std::string none;
  append_body(none, 1, "", 4096);
  EXPECT_TRUE(none.empty());
}

TEST(AmqpReply, HardErrorsCloseTheConnection) {
  for (const Reply soft : {Reply::not_found, Reply::access_refused, Reply::precondition_failed, Reply::resource_locked,
                           Reply::content_too_large, Reply::no_route}) {
    EXPECT_FALSE(closes_connection(soft)) << reply_name(soft);
  }
  for (const Reply hard : {Reply::connection_forced, Reply::frame_error, Reply::syntax_error, Reply::command_invalid,
                           Reply::channel_error, Reply::not_implemented, Reply::internal_error, Reply::invalid_path}) {
    EXPECT_TRUE(closes_connection(hard)) << reply_name(hard);
  }
}

}  // namespace
}  // namespace chaos::amqp
