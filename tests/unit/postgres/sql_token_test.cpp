#include "postgres/sql/sql_token.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

std::vector<std::string> texts(std::string_view sql) {
  std::vector<StatementText> statements;
  ServerError error;
  std::vector<std::string> out;
  if (!split_statements(sql, statements, error)) return {"error " + error.sqlstate + " at " + std::to_string(error.position)};
  for (const StatementText& statement : statements) {
    std::string text;
    for (const Token& token : statement.tokens) text += (text.empty() ? "" : "|") + token.text;
    out.push_back(text);
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(SqlTokens, StatementsAreCutAtSemicolonsOutsideOfStrings) {
  EXPECT_EQ(texts("select 1; select ';' ;; "), (Texts{"select|1", "select|';'"}));
  EXPECT_EQ(texts("  ; \n -- nothing\n"), Texts{});
}

TEST(SqlTokens, WordsAreLowerCaseQuotedNamesAreNot) {
  EXPECT_EQ(texts("SELECT Id, \"Id\" FROM T"), (Texts{"select|id|,|\"Id\"|from|t"}));
}

TEST(SqlTokens, StringsInAllTheirForms) {
  EXPECT_EQ(texts("'it''s'"), Texts{"'it''s'"});
  EXPECT_EQ(texts("E'a\\n\\'b'"), Texts{"'a\n''b'"});
  EXPECT_EQ(texts("$$a'b$$"), Texts{"'a''b'"});
  EXPECT_EQ(texts("$x$a$$b$x$"), Texts{"'a$$b'"});
}

TEST(SqlTokens, CommentsNestAndNumbersHaveExponents) {
  EXPECT_EQ(texts("1 /* a /* b */ c */ + 2.5e-3 -- end"), (Texts{"1|+|2.5e-3"}));
}

TEST(SqlTokens, ParametersAndOperators) {
  EXPECT_EQ(texts("$12::int >= a!~~*b"), (Texts{"12|::|int|>=|a|!~~*|b"}));
}

TEST(SqlTokens, WhatDoesNotEndIsAnErrorWhereItBegan) {
  EXPECT_EQ(texts("select 'abc"), Texts{"error 42601 at 8"});
  EXPECT_EQ(texts("select \"abc"), Texts{"error 42601 at 8"});
  EXPECT_EQ(texts("/* x"), Texts{"error 42601 at 1"});
  EXPECT_EQ(texts("$a$ x"), Texts{"error 42601 at 1"});
}

TEST(SqlTokens, TheTextOfAStatementIsAsItWasSent) {
  std::vector<StatementText> statements;
  ServerError error;
  ASSERT_TRUE(split_statements(" SELECT  1 ;BEGIN", statements, error));
  EXPECT_EQ(statements[0].text, "SELECT  1");
  EXPECT_EQ(statements[1].text, "BEGIN");
}

TEST(SqlTokens, ThereIsNoParameterZero) {
  std::vector<StatementText> statements;
  ServerError error;
  EXPECT_FALSE(split_statements("select 3$000::int", statements, error));
  EXPECT_EQ(error.message, "there is no parameter $000");
}

TEST(SqlTokens, DepthAndLengthAreBounded) {
  const std::string open(kDeepest, '('), close(kDeepest, ')');
  EXPECT_EQ(texts(open + close + "; " + open + close).size(), 2u);
  EXPECT_EQ(texts(open + "["), Texts{"error 54001 at 201"});
  std::string words;
  for (std::size_t i = 0; i < kMostTokens; ++i) words += "1 ";
  EXPECT_EQ(texts(words).size(), 1u);
  EXPECT_EQ(texts(words + "1"), Texts{"error 54000 at 0"});
}

}  // namespace
}  // namespace chaos::pg
