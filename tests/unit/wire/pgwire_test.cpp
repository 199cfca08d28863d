#include "wire/pgwire_backend.hpp"
#include "wire/pgwire_frontend.hpp"
#include "wire/pgwire_replication.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

using namespace std::string_literals;

// The one message in `bytes`; views into it.
Frontend parsed(const std::string& bytes) {
  Frontend out;
  EXPECT_TRUE(parse_frontend({bytes[0], std::string_view(bytes).substr(5)}, out));
  return out;
}

bool malformed(char type, std::string body) {
  Frontend out;
  return !parse_frontend({type, body}, out);
}

TEST(PgMessageDecoder, TakesBytesOneByOne) {
  std::string bytes;
  append_query(bytes, "select 1");
  append_sync(bytes);
  MessageDecoder decoder;
  EXPECT_EQ(decoder.upcoming(), '\0');
  std::string types;
  for (const char c : bytes) {
    decoder.feed({&c, 1});
    EXPECT_EQ(decoder.upcoming(), types.empty() ? 'Q' : 'S') << "known by its first byte";
    Message message;
    while (decoder.next(message) == Progress::ready) types.push_back(message.type);
  }
  EXPECT_EQ(types, "QS");
  EXPECT_TRUE(decoder.idle());
}

TEST(PgMessageDecoder, ALengthBelowItsOwnSizeIsMalformed) {
  MessageDecoder decoder;
  decoder.feed("Q\0\0\0\3"s);
  Message message;
  EXPECT_EQ(decoder.next(message), Progress::malformed);
}

TEST(PgMessageDecoder, BoundsAreSeenInTheHeaderAlready) {
  MessageDecoder decoder({.max_startup = 100, .max_message = 1000});
  decoder.feed("Q\0\0\3\xed"s);   // a body of 1001
  Message message;
  EXPECT_EQ(decoder.next(message), Progress::too_large);
  MessageDecoder startup({.max_startup = 100, .max_message = 1000});
  startup.expect_startup(true);
  startup.feed("\0\0\0\x69"s);
  EXPECT_EQ(startup.next(message), Progress::too_large);
}

TEST(PgStartup, ParametersOfAStartupMessage) {
  std::string bytes;
  append_startup(bytes, {{"user", "app"}, {"database", "shop"}});
  MessageDecoder decoder;
  decoder.expect_startup(true);
  decoder.feed(bytes);
  Message message;
  ASSERT_EQ(decoder.next(message), Progress::ready);
  StartupPacket packet;
  ASSERT_TRUE(parse_startup(message.body, packet));
  EXPECT_EQ(packet.code, kProtocol3);
  EXPECT_EQ(packet.get("user"), "app");
  EXPECT_EQ(packet.get("database"), "shop");
  EXPECT_EQ(packet.get("options"), "");
}

TEST(PgStartup, CancelAndEncryptionRequests) {
  std::string bytes;
  append_cancel(bytes, 7, -5);
  StartupPacket packet;
  ASSERT_TRUE(parse_startup(std::string_view(bytes).substr(4), packet));
  EXPECT_EQ(packet.code, kCancelCode);
  EXPECT_EQ(packet.pid, 7);
  EXPECT_EQ(packet.secret, -5);
  ASSERT_TRUE(parse_startup("\x04\xd2\x16\x2f"s, packet));
  EXPECT_EQ(packet.code, kSslCode);
  EXPECT_FALSE(parse_startup("\x04\xd2\x16\x2f\x01"s, packet));
  EXPECT_FALSE(parse_startup("\0\3\0\0user\0app"s, packet));   // no end
}

TEST(PgFrontend, ExtendedMessagesReadWhatClientsWrite) {
  std::string bytes;
  append_parse(bytes, "s1", "select $1");
  const auto parse = std::get<Parse>(parsed(bytes));
  EXPECT_EQ(parse.name, "s1");
  EXPECT_EQ(parse.sql, "select $1");
  bytes.clear();
  append_bind(bytes, "s1", {"5", std::nullopt});
  const auto bind = std::get<Bind>(parsed(bytes));
  ASSERT_EQ(bind.values.size(), 2u);
  EXPECT_EQ(*bind.values[0], "5");
  EXPECT_FALSE(bind.values[1]);
  bytes.clear();
  append_describe(bytes, 'S', "s1");
  EXPECT_EQ(std::get<Describe>(parsed(bytes)).kind, 'S');
}

TEST(PgFrontend, WhatDoesNotFitItsFormIsMalformed) {
  EXPECT_TRUE(malformed('Q', "no end"));
  EXPECT_TRUE(malformed('D', "Xname\0"s));
  EXPECT_TRUE(malformed('S', "x"));
  EXPECT_TRUE(malformed('E', "\0\0\0"s));
  EXPECT_TRUE(malformed('B', "\0\0\0\2\0\1\0\1\0\1\0\0\0\0\0\0"s));   // two formats for one value
  EXPECT_TRUE(malformed('B', "\0\0\0\0\0\1\0\0\0\5ab\0\0"s));         // a value that is cut off
  EXPECT_FALSE(malformed('~', "anything"));
}

TEST(PgFrontend, FormatsByTheRuleOfBind) {
  EXPECT_EQ(format_of({}, 3), 0);
  EXPECT_EQ(format_of({1}, 3), 1);
  EXPECT_EQ(format_of({0, 1}, 1), 1);
}

TEST(PgBackend, ErrorsKeepTheirFields) {
  std::string bytes;
  append_error(bytes, {"ERROR", "23505", "duplicate key", "", "use another", 8});
  EXPECT_EQ(bytes[0], 'E');
  ServerError error;
  ASSERT_TRUE(parse_error(std::string_view(bytes).substr(5), error));
  EXPECT_EQ(error.sqlstate, "23505");
  EXPECT_EQ(error.message, "duplicate key");
  EXPECT_EQ(error.hint, "use another");
  EXPECT_EQ(error.position, 8);
  bytes.clear();
  append_error(bytes, {"WARNING", "25P01", "no transaction", "", "", 0});
  EXPECT_EQ(bytes[0], 'N');
}

TEST(PgBackend, RowsAndTheirDescription) {
  std::string bytes;
  append_row_description(bytes, {{"id", oid::kInt4, 0}, {"name", oid::kText, 1}});
  std::vector<Column> columns;
  ASSERT_TRUE(parse_row_description(std::string_view(bytes).substr(5), columns));
  ASSERT_EQ(columns.size(), 2u);
  EXPECT_EQ(columns[0].type, oid::kInt4);
  EXPECT_EQ(columns[1].name, "name");
  EXPECT_EQ(columns[1].format, 1);
  std::vector<std::optional<std::string>> row;
  ASSERT_TRUE(parse_data_row("\0\2\0\0\0\1" "7\xff\xff\xff\xff"s, row));
  EXPECT_EQ(row, (std::vector<std::optional<std::string>>{"7", std::nullopt}));
  EXPECT_FALSE(parse_data_row("\0\2\0\0\0\1" "7"s, row));
}

TEST(PgReplication, PositionsAreTwoHexadecimalHalves) {
  EXPECT_EQ(format_lsn(0x16B374D848), "16/B374D848");
  EXPECT_EQ(wal_file_name(1, 0x1000028), "000000010000000000000001");
  EXPECT_EQ(wal_file_name(1, 0x2000000), "000000010000000000000001") << "of the byte before";
  EXPECT_EQ(wal_file_name(3, 0x16B374D848), "0000000300000016000000B3");
  EXPECT_EQ(parse_lsn("16/B374D848"), 0x16B374D848u);
  EXPECT_EQ(parse_lsn("0/0"), 0u);
  for (const char* bad : {"", "/", "1/", "1", "x/1", "1/123456789", "1/2 "}) EXPECT_FALSE(parse_lsn(bad)) << bad;
}

TEST(PgReplication, MessagesInsideOfCopyData) {
  std::string bytes;
  append_xlog_data(bytes, {10, 20, 30, "rows"});
  XLogData data;
  ASSERT_TRUE(parse_xlog_data(std::string_view(bytes).substr(5), data));
  EXPECT_EQ(data.start, 10u);
  EXPECT_EQ(data.end, 20u);
  EXPECT_EQ(data.bytes, "rows");
  bytes.clear();
  append_standby_status(bytes, {3, 2, 1, 9, true});
  StandbyStatus status;
  ASSERT_TRUE(parse_standby_status(std::string_view(bytes).substr(5), status));
  EXPECT_EQ(status.applied, 1u);
  EXPECT_TRUE(status.reply_now);
  Keepalive keepalive;
  EXPECT_FALSE(parse_keepalive(std::string_view(bytes).substr(5), keepalive));
}

}  // namespace
}  // namespace chaos::pg
