// psql and psycopg2 against a node that runs alone.
#pragma once

#include "support/compat.hpp"
#include "support/needs.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {

/// A postgres node with few items, and a folder for scripts.
class PostgresNode : public testing::Test {
 protected:
  PostgresNode() : node("postgres", 5432, R"({"config":{"postgres":{"items":100}}})") {}

  std::string file(const std::string& name, const std::string& text) const {
    const std::string path = (dir.path() / name).string();
    std::ofstream(path) << text;
    return path;
  }
  /// What psql prints for a script, notices and errors among it, each error with its SQLSTATE.
  std::string psql(const std::string& script, const std::string& flags = "-At") const {
    return sh("psql -X -h " + node.address() + " -U shop shop -v VERBOSITY=verbose " + flags + " -f " + file("script.sql", script)).out;
  }
  /// One statement's rows, unaligned.
  std::string ask(const std::string& sql) const {
    std::string out = sh("psql -X -h " + node.address() + " -U shop shop -At -f " + file("ask.sql", sql)).out;
    while (out.ends_with('\n')) out.pop_back();
    return out;
  }
  /// A Python program with a connection `c` and its cursor `k`.
  std::string python(const std::string& program) const {
    const std::string head = "import psycopg2, psycopg2.extras\nfrom psycopg2 import errors\nc = psycopg2.connect(host='" + node.address() +
                             "', user='shop', dbname='shop')\nk = c.cursor()\n";
    return sh("/usr/bin/python3 " + file("program.py", head + program)).out;
  }

  LoneNode node;
  TempDir dir;
};

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace chaos::test
