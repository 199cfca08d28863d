#include "postgres/base/log_limit.hpp"
#include "postgres/state/session_settings.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chaos::pg {
namespace {

std::string read(std::string_view name, std::string_view given) {
  std::string value;
  ServerError error;
  return read_setting(*find_setting(name), given, value, error) ? value : error.sqlstate + " " + error.message;
}

TEST(SettingRules, EachHasANameOfItsOwnAndTakesItsPreset) {
  std::set<std::string_view> names;
  for (const SettingRule& rule : setting_rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    std::string value;
    ServerError error;
    EXPECT_TRUE(read_setting(rule, rule.preset, value, error)) << rule.name << ": " << error.message;
    EXPECT_EQ(value, rule.preset) << rule.name;
  }
}

TEST(SettingRules, NumbersHaveUnits) {
  EXPECT_EQ(read("statement_timeout", "1500"), "1500");
  EXPECT_EQ(read("statement_timeout", "2 min"), "120000");
  EXPECT_EQ(read("statement_timeout", "1500us"), "2");
  EXPECT_EQ(read("shared_buffers", "16MB"), "2048");
  EXPECT_EQ(read("max_connections", "0"), "22023 0 is outside the valid range for parameter \"max_connections\" (1 .. 10000)");
  EXPECT_EQ(read("statement_timeout", "x"), "22023 invalid value for parameter \"statement_timeout\": \"x\"");
  EXPECT_EQ(show_setting(*find_setting("statement_timeout"), "120000"), "2min");
  EXPECT_EQ(show_setting(*find_setting("statement_timeout"), "1500"), "1500ms");
  EXPECT_EQ(show_setting(*find_setting("shared_buffers"), "2048"), "16MB");
  EXPECT_EQ(show_setting(*find_setting("log_min_duration_statement"), "-1"), "-1");
}

TEST(SettingRules, WordsAndDates) {
  EXPECT_EQ(read("log_lock_waits", "TR"), "on");
  EXPECT_EQ(read("log_lock_waits", "o"), "22023 parameter \"log_lock_waits\" requires a Boolean value");
  EXPECT_EQ(read("default_transaction_isolation", "Repeatable Read"), "repeatable read");
  EXPECT_EQ(read("DateStyle", "ISO"), "ISO, MDY");
  EXPECT_EQ(read("datestyle", "iso, dmy"), "ISO, DMY");
  EXPECT_EQ(read("client_encoding", "utf-8"), "UTF8");
  EXPECT_EQ(read("application_name", "a\nb"), "a?b");
}

TEST(ServerConfigTest, TheFileCountsAfterAReloadAndForSomeOnlyAfterAStart) {
  ServerConfig config;
  ServerError error;
  config.set_own("max_connections", "100");
  config.start(1);
  ASSERT_TRUE(config.alter("max_connections", "5", error));
  ASSERT_TRUE(config.alter("lock_timeout", "2s", error));
  EXPECT_EQ(config.value("lock_timeout"), "0");
  EXPECT_FALSE(config.pending_restart(*find_setting("max_connections")));
  config.reload(2);
  EXPECT_EQ(config.value("lock_timeout"), "2000");
  EXPECT_EQ(config.number("max_connections"), 100);
  EXPECT_TRUE(config.pending_restart(*find_setting("max_connections")));
  config.set_own("max_connections", "50");           // the controller's word counts at once
  EXPECT_EQ(config.number("max_connections"), 50);

  ServerConfig next;
  next.set_own("max_connections", "50");
  EXPECT_EQ(next.read_file(config.file_text() + "rubbish\nmax_connections = 'x'\n"), 2);
  next.start(3);
  EXPECT_EQ(next.number("max_connections"), 5);
  EXPECT_EQ(next.value("lock_timeout"), "2000");
  next.alter_reset_all();
  next.reload(4);
  EXPECT_EQ(next.value("lock_timeout"), "0");
  EXPECT_EQ(next.number("max_connections"), 5);
  EXPECT_TRUE(next.pending_restart(*find_setting("max_connections")));
}

TEST(ServerConfigTest, QuotesSurviveTheFile) {
  ServerConfig config, next;
  ServerError error;
  ASSERT_TRUE(config.alter("search_path", "it's, \"x\"", error));
  EXPECT_EQ(next.read_file(config.file_text()), 0);
  next.start(1);
  EXPECT_EQ(next.value("search_path"), "it's, \"x\"");
}

TEST(SessionSettingsTest, ATransactionTakesItsChangesBackUnlessItCommits) {
  ServerConfig config;
  SessionSettings settings(config);
  ServerError error;
  ASSERT_TRUE(settings.set("lock_timeout", "1s", error));
  settings.begin();
  ASSERT_TRUE(settings.set("lock_timeout", "2s", error));
  ASSERT_TRUE(settings.set_local("statement_timeout", "3s", error));
  EXPECT_EQ(settings.get("statement_timeout"), "3s");
  settings.end(true);
  EXPECT_EQ(settings.get("lock_timeout"), "2s");
  EXPECT_EQ(settings.get("statement_timeout"), "0");
  settings.begin();
  ASSERT_TRUE(settings.reset("all", error));
  EXPECT_EQ(settings.get("lock_timeout"), "0");
  settings.end(false);
  EXPECT_EQ(settings.get("lock_timeout"), "2s");
}

TEST(SessionSettingsTest, WhatTheClientAskedForAtItsStartIsWhatResetGoesBackTo) {
  ServerConfig config;
  SessionSettings settings(config, false);
  ServerError error;
  ASSERT_TRUE(settings.set_at_start("application_name", "psql", error));
  ASSERT_TRUE(settings.set("application_name", "x", error));
  EXPECT_EQ(settings.source(*find_setting("application_name")), "session");
  ASSERT_TRUE(settings.reset("application_name", error));
  EXPECT_EQ(settings.get("application_name"), "psql");
  EXPECT_EQ(settings.source(*find_setting("application_name")), "client");
  EXPECT_FALSE(settings.set("log_lock_waits", "on", error));
  EXPECT_EQ(error.sqlstate, "42501");
}

TEST(LogLimitTest, SoManyASecondAndTheRestIsCounted) {
  LogLimit limit(2);
  const RealTime start = RealClock::now();
  EXPECT_EQ(limit.admit(start), 0);
  EXPECT_EQ(limit.admit(start), 0);
  EXPECT_FALSE(limit.admit(start));
  EXPECT_FALSE(limit.admit(start + std::chrono::milliseconds(999)));
  EXPECT_EQ(limit.admit(start + std::chrono::seconds(1)), 2);
}

}  // namespace
}  // namespace chaos::pg
