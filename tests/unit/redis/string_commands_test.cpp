#include "unit/redis/desk.hpp"

namespace chaos::redis {
namespace {

TEST(StringCommands, SetGetDelete) {
  Desk desk;
  EXPECT_EQ(desk.text({"SET", "a", "1"}), "OK");
  EXPECT_EQ(desk.text({"get", "a"}), "1");
  EXPECT_TRUE(desk.run({"GET", "b"}).is_nil());
  EXPECT_EQ(desk.number({"DEL", "a", "b"}), 1);
  EXPECT_EQ(desk.number({"EXISTS", "a"}), 0);
}

TEST(StringCommands, SetOptions) {
  Desk desk;
  EXPECT_TRUE(desk.run({"SET", "a", "1", "XX"}).is_nil());
  EXPECT_EQ(desk.text({"SET", "a", "1", "NX", "EX", "10"}), "OK");
  EXPECT_TRUE(desk.run({"SET", "a", "2", "NX"}).is_nil());
  EXPECT_EQ(desk.text({"SET", "a", "2", "XX", "KEEPTTL", "GET"}), "1");
  EXPECT_EQ(desk.number({"TTL", "a"}), 10);
  EXPECT_EQ(desk.text({"SET", "a", "3", "NX", "GET"}), "2");    // answers the old value, sets nothing
  EXPECT_EQ(desk.text({"GET", "a"}), "2");
  EXPECT_EQ(desk.text({"SET", "a", "4"}), "OK");
  EXPECT_EQ(desk.number({"TTL", "a"}), -1);
}

TEST(StringCommands, WrongSetOptionsAreNamed) {
  Desk desk;
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"NX", "XX"}, {"EX"}, {"EX", "1", "PX", "1"}, {"EX", "1", "KEEPTTL"}, {"KEEPTTL", "EX", "1"},
        {"EXAT"}, {"what"}}) {
    std::vector<std::string> words{"SET", "a", "1"};
    words.insert(words.end(), wrong.begin(), wrong.end());
    EXPECT_EQ(desk.text(words), "ERR syntax error") << wrong[0];
  }
  EXPECT_EQ(desk.text({"SET", "a", "1", "EX", "x"}), "ERR value is not an integer or out of range");
  EXPECT_EQ(desk.text({"SET", "a", "1", "EX", "0"}), "ERR invalid expire time in 'set' command");
  EXPECT_EQ(desk.text({"SETEX", "a", "-1", "1"}), "ERR invalid expire time in 'setex' command");
  EXPECT_EQ(desk.text({"SET", "a", "1", "EX", "9223372036854775807"}), "ERR invalid expire time in 'set' command");
  EXPECT_EQ(desk.number({"DBSIZE"}), 0);
}

TEST(StringCommands, SeveralAtOnce) {
  Desk desk;
  EXPECT_EQ(desk.text({"MSET", "a", "1", "b", "2"}), "OK");
  const auto values = desk.run({"MGET", "a", "x", "b"}).items;
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].text, "1");
  EXPECT_TRUE(values[1].is_nil());
  EXPECT_EQ(values[2].text, "2");
  EXPECT_EQ(desk.text({"MSET", "a", "1", "b"}), "ERR wrong number of arguments for 'mset' command");
}

TEST(StringCommands, AppendAndLength) {
  Desk desk;
  EXPECT_EQ(desk.number({"APPEND", "a", "foo"}), 3);
  EXPECT_EQ(desk.number({"APPEND", "a", "bar"}), 6);
  EXPECT_EQ(desk.number({"STRLEN", "a"}), 6);
  EXPECT_EQ(desk.number({"STRLEN", "none"}), 0);
}

TEST(StringCommands, GetsetGetdelSetnx) {
  Desk desk;
  EXPECT_EQ(desk.number({"SETNX", "a", "1"}), 1);
  EXPECT_EQ(desk.number({"SETNX", "a", "2"}), 0);
  EXPECT_EQ(desk.text({"GETSET", "a", "3"}), "1");
  EXPECT_EQ(desk.text({"GETDEL", "a"}), "3");
  EXPECT_TRUE(desk.run({"GETDEL", "a"}).is_nil());
}

TEST(CounterCommands, Count) {
  Desk desk;
  EXPECT_EQ(desk.number({"INCR", "n"}), 1);
  EXPECT_EQ(desk.number({"INCRBY", "n", "10"}), 11);
  EXPECT_EQ(desk.number({"DECR", "n"}), 10);
  EXPECT_EQ(desk.number({"DECRBY", "n", "-5"}), 15);
  desk.run({"EXPIRE", "n", "100"});
  EXPECT_EQ(desk.number({"INCR", "n"}), 16);
  EXPECT_EQ(desk.number({"TTL", "n"}), 100);
}

TEST(CounterCommands, RefuseWhatIsNoNumberAndOverflow) {
  Desk desk;
  desk.run({"SET", "a", "1.5"});
  EXPECT_EQ(desk.text({"INCR", "a"}), "ERR value is not an integer or out of range");
  desk.run({"SET", "a", "9223372036854775807"});
  EXPECT_EQ(desk.text({"INCR", "a"}), "ERR increment or decrement would overflow");
  EXPECT_EQ(desk.text({"DECRBY", "a", "-9223372036854775808"}), "ERR decrement would overflow");
}

}  // namespace
}  // namespace chaos::redis
