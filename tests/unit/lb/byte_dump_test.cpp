#include "lb/byte_dump.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(ByteDump, HasALineForEachLine) {
  EXPECT_EQ(byte_dump(""), "");
  EXPECT_EQ(byte_dump("GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n"), "  00000  GET / HTTP/1.1\\r\\n\n  00016  Bad Header: 1\\r\\n\n  00031  \\r\\n\n");
}

TEST(ByteDump, EscapesWhatATerminalWouldTakeForMore) {
  EXPECT_EQ(byte_dump(std::string_view("a\0\t\x1b\xff\\", 6)), "  00000  a\\x00\\t\\e\\xFF\\\\\n");
}

TEST(ByteDump, BreaksLongLines) {
  EXPECT_EQ(byte_dump(std::string(75, 'a') + "\nb"), "  00000  " + std::string(70, 'a') + "\n  00070+ aaaaa\\n\n  00076  b\n");
}

}  // namespace
}  // namespace chaos
