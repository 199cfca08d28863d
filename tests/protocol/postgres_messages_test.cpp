// Message by message, where a driver shows nothing of it: support/postgres_messages.py, which PostgreSQL 15 passes too.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

class PostgresMessages : public PostgresNode {
 protected:
  void play(const std::string& scenario) const {
    const Output output = sh("/usr/bin/python3 " CHAOSLAB_SOURCE_DIR "/tests/support/postgres_messages.py " + node.address() + " " + scenario, 60);
    EXPECT_EQ(output.out, "ok\n") << node.log();
  }
};

void shown(const std::string& feature) { compat("PostgreSQL", "Sessions", feature); }

TEST_F(PostgresMessages, WhatComesUpToSyncIsOneTransaction) {
  shown("pipelines: what comes up to Sync is one transaction; so is the rest of a query string behind its COMMIT");
  play("pipeline");
}

TEST_F(PostgresMessages, AfterAnErrorNothingCountsUntilSync) {
  shown("after an error in an extended query all is skipped until Sync");
  play("skipping");
}

TEST_F(PostgresMessages, Portals) {
  shown("portals: named, suspended (row limit), run once (55000), not closed by themselves (24000)");
  play("portals");
}

TEST_F(PostgresMessages, StatementsThatNameEachOtherEnd) { play("execute_of_execute"); }

TEST_F(PostgresMessages, NoStatementTakesTheStackOrTheMemory) {
  compat("PostgreSQL", "Errors", "stack depth limit exceeded (54001), statement too long (54000)", Compat::differs,
         "nesting ends at about a hundred levels, a query string at 150,000 words, where PostgreSQL's stack and memory would");
  play("bounds");
}

TEST_F(PostgresMessages, WhoWaitsForItsClientIsTerminatedAtOnce) {
  shown("pg_terminate_backend of a session in the middle of a COPY FROM STDIN or of a message");
  play("terminated");
}

TEST_F(PostgresMessages, WhoIsIdleTooLongIsToldWhy) { play("idle"); }

}  // namespace
}  // namespace chaos::test
