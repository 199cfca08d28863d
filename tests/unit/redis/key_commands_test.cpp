#include "unit/redis/desk.hpp"

#include <set>

namespace chaos::redis {
namespace {

TEST(ExpiryCommands, TtlIsLabTime) {
  Desk desk;
  desk.clock.set_anchor({desk.clock.now(), LabTime::from_seconds(60), 100});   // a hundred times as fast
  desk.run({"SET", "a", "1", "EX", "600"});
  desk.pass_lab(3);                                                             // three real seconds
  EXPECT_EQ(desk.number({"TTL", "a"}), 300);
  EXPECT_EQ(desk.number({"PTTL", "a"}), 300'000);
  desk.pass_lab(3);
  EXPECT_EQ(desk.number({"TTL", "a"}), -2);
  EXPECT_TRUE(desk.run({"GET", "a"}).is_nil());
}

TEST(ExpiryCommands, ExpireAndPersist) {
  Desk desk;
  desk.run({"SET", "a", "1"});
  EXPECT_EQ(desk.number({"TTL", "a"}), -1);
  EXPECT_EQ(desk.number({"EXPIRE", "a", "10"}), 1);
  EXPECT_EQ(desk.number({"PEXPIRE", "a", "1500"}), 1);
  EXPECT_EQ(desk.number({"PTTL", "a"}), 1500);
  EXPECT_EQ(desk.number({"PERSIST", "a"}), 1);
  EXPECT_EQ(desk.number({"PERSIST", "a"}), 0);
  EXPECT_EQ(desk.number({"EXPIRE", "none", "10"}), 0);
  EXPECT_EQ(desk.number({"EXPIRE", "a", "-1"}), 1);   // over already: deleted
  EXPECT_EQ(desk.number({"EXISTS", "a"}), 0);
}

TEST(ExpiryCommands, Conditions) {
  Desk desk;
  desk.run({"SET", "a", "1"});
  EXPECT_EQ(desk.number({"EXPIRE", "a", "10", "XX"}), 0);
  EXPECT_EQ(desk.number({"EXPIRE", "a", "10", "GT"}), 0);   // no TTL counts as an infinite one
  EXPECT_EQ(desk.number({"EXPIRE", "a", "10", "LT"}), 1);
  EXPECT_EQ(desk.number({"EXPIRE", "a", "20", "NX"}), 0);
  EXPECT_EQ(desk.number({"EXPIRE", "a", "20", "GT"}), 1);
  EXPECT_TRUE(desk.run({"EXPIRE", "a", "20", "NX", "GT"}).is_error());
  EXPECT_EQ(desk.text({"EXPIRE", "a", "20", "QQ"}), "ERR Unsupported option QQ");
}

TEST(ExpiryCommands, ActiveExpiryNeedsNoReader) {
  Desk desk;
  desk.run({"SET", "a", "1", "EX", "1"});
  desk.pass_lab(2);
  EXPECT_EQ(desk.number({"DBSIZE"}), 1);
  desk.engine.tick();
  EXPECT_EQ(desk.number({"DBSIZE"}), 0);
}

TEST(KeyCommands, KeysAndType) {
  Desk desk;
  desk.run({"MSET", "item:1", "a", "item:2", "b", "other", "c"});
  EXPECT_EQ(desk.run({"KEYS", "item:*"}).items.size(), 2u);
  EXPECT_EQ(desk.text({"TYPE", "other"}), "string");
  EXPECT_EQ(desk.text({"TYPE", "none"}), "none");
  EXPECT_EQ(desk.number({"EXISTS", "other", "other", "x"}), 2);
}

TEST(KeyCommands, ScanGivesEveryMatchingKeyOnce) {
  Desk desk;
  for (int i = 0; i < 300; ++i) desk.run({"SET", (i % 2 ? "odd:" : "even:") + std::to_string(i), "v"});
  std::multiset<std::string> seen;
  std::string cursor = "0";
  int calls = 0;
  do {
    const auto page = desk.run({"SCAN", cursor, "MATCH", "odd:*", "COUNT", "50"});
    cursor = page.items[0].text;
    for (const auto& key : page.items[1].items) seen.insert(key.text);
    ++calls;
  } while (cursor != "0");
  EXPECT_EQ(seen.size(), 150u);
  EXPECT_GE(calls, 5);
}

TEST(KeyCommands, ScanRefusesWhatIsWrong) {
  Desk desk;
  EXPECT_EQ(desk.text({"SCAN", "x"}), "ERR invalid cursor");
  EXPECT_EQ(desk.text({"SCAN", "0", "COUNT"}), "ERR syntax error");
  EXPECT_EQ(desk.text({"SCAN", "0", "COUNT", "0"}), "ERR syntax error");
  EXPECT_EQ(desk.run({"SCAN", "0", "TYPE", "list"}).items[1].items.size(), 0u);
}

}  // namespace
}  // namespace chaos::redis
