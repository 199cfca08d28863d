#include "wire/copy_text.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

std::vector<CopyRow> rows_of(const CopyFormat& format, std::string_view bytes, std::size_t piece, CopyDecoder::Progress& last) {
  CopyDecoder decoder(format);
  std::vector<CopyRow> rows;
  CopyRow row;
  const auto drain = [&] { for (last = decoder.next(row); last == CopyDecoder::Progress::row; last = decoder.next(row)) rows.push_back(row); };
  for (std::size_t at = 0; at < bytes.size(); at += piece) decoder.feed(bytes.substr(at, piece)), drain();
  decoder.finish();
  drain();
  return rows;
}

std::vector<CopyRow> rows_of(const CopyFormat& format, std::string_view bytes) {
  CopyDecoder::Progress whole, cut;
  const auto rows = rows_of(format, bytes, bytes.size(), whole);
  EXPECT_EQ(rows_of(format, bytes, 1, cut), rows) << "cut into single bytes";
  EXPECT_EQ(whole, CopyDecoder::Progress::end);
  return rows;
}

CopyFormat csv() { return {.csv = true, .delimiter = ',', .null_text = ""}; }

TEST(CopyText, EscapesNullsAndTheEnd) {
  EXPECT_EQ(rows_of({}, "1\ta\\tb\n2\t\\N\r\n3\t\\101\\x42\n\\.\nnot read"),
            (std::vector<CopyRow>{{"1", "a\tb"}, {"2", std::nullopt}, {"3", "AB"}}));
  EXPECT_EQ(rows_of({}, "1\t"), (std::vector<CopyRow>{{"1", ""}}));
}

TEST(CopyText, CsvQuotesAndNewlines) {
  EXPECT_EQ(rows_of(csv(), "1,\"a,b\"\n2,\n3,\"\"\n4,\"x\ny\"\n5,\"say \"\"hi\"\"\"\n"),
            (std::vector<CopyRow>{{"1", "a,b"}, {"2", std::nullopt}, {"3", ""}, {"4", "x\ny"}, {"5", "say \"hi\""}}));
  CopyFormat header = csv();
  header.header = true;
  EXPECT_EQ(rows_of(header, "id,name\n1,a\n"), (std::vector<CopyRow>{{"1", "a"}}));
}

TEST(CopyText, AnUnendedQuoteIsMalformed) {
  CopyDecoder::Progress last;
  EXPECT_TRUE(rows_of(csv(), "1,\"abc\n", 64, last).empty());
  EXPECT_EQ(last, CopyDecoder::Progress::malformed);
}

TEST(CopyText, WhatIsWrittenIsReadBack) {
  for (const CopyFormat& format : {CopyFormat{}, csv()}) {
    std::string out;
    append_copy_row(out, format, {"plain", std::nullopt, "tab\t,comma", "line\nend", "back\\slash", "\"quoted\"", ""});
    EXPECT_EQ(rows_of(format, out), (std::vector<CopyRow>{{"plain", std::nullopt, "tab\t,comma", "line\nend", "back\\slash", "\"quoted\"", ""}}));
  }
}

}  // namespace
}  // namespace chaos::pg
