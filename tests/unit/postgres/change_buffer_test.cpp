// Changes of large transactions: in memory and in a file they read the same.
#include "postgres/store/change_buffer.hpp"

#include "support/process.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

class ChangeBufferTest : public testing::Test {
 protected:
  void add(ChangeBuffer& buffer, std::int64_t row, std::size_t bytes = 1000) {
    const std::string text(bytes, static_cast<char>('a' + row % 26));
    buffer.append({ChangeOp::insert, "t", row, {std::string_view(text)}});
  }
  std::vector<std::int64_t> rows(const ChangeBuffer& buffer, std::size_t from = 0) {
    std::vector<std::int64_t> out;
    ChangeCursor cursor(buffer, from);
    for (Change change; cursor.next(change);) {
      EXPECT_EQ(std::get<std::string_view>(change.values.at(0))[0], static_cast<char>('a' + change.rowid % 26));
      out.push_back(change.rowid);
    }
    EXPECT_TRUE(cursor.ok());
    return out;
  }
  static std::vector<std::int64_t> up_to(std::int64_t last, std::int64_t first = 1) {
    std::vector<std::int64_t> out;
    for (; first <= last; ++first) out.push_back(first);
    return out;
  }
  test::TempDir dir;
};

TEST_F(ChangeBufferTest, FewChangesNeedNoFileAndManyReadTheSame) {
  ChangeBuffer buffer(dir.path());
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.pieces(), 0u);
  EXPECT_TRUE(rows(buffer).empty());
  add(buffer, 1);
  EXPECT_EQ(buffer.pieces(), 1u);
  EXPECT_EQ(rows(buffer), up_to(1));
  for (std::int64_t row = 2; row <= 500; ++row) add(buffer, row);
  EXPECT_GT(buffer.pieces(), 7u);
  EXPECT_GT(buffer.size(), 500'000u);
  EXPECT_EQ(rows(buffer), up_to(500));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path())) << "its file has no name";
}

TEST_F(ChangeBufferTest, EachPieceHoldsWholeChangesAndTheyAreAllThereIs) {
  ChangeBuffer buffer(dir.path());
  for (std::int64_t row = 1; row <= 300; ++row) add(buffer, row, row == 150 ? 200'000 : 900);
  std::string scratch;
  std::size_t bytes = 0;
  std::int64_t row = 0;
  for (std::size_t i = 0; i < buffer.pieces(); ++i) {
    EXPECT_EQ(buffer.begin_of(i), bytes);
    const auto piece = buffer.piece(i, scratch);
    ASSERT_TRUE(piece);
    bytes += piece->size();
    ChangeReader reader(*piece);
    for (Change change; reader.next(change);) EXPECT_EQ(change.rowid, ++row);
    EXPECT_TRUE(reader.ok());
  }
  EXPECT_EQ(bytes, buffer.size());
  EXPECT_EQ(row, 300);
}

TEST_F(ChangeBufferTest, IsReadFromAnyChangeAndCutAtAny) {
  ChangeBuffer buffer(dir.path());
  std::vector<std::size_t> begins;
  for (std::int64_t row = 1; row <= 200; ++row) {
    begins.push_back(buffer.size());
    add(buffer, row);
  }
  for (const std::size_t row : {1u, 64u, 65u, 66u, 67u, 130u, 199u, 200u}) {
    EXPECT_EQ(rows(buffer, begins[row - 1]), up_to(200, static_cast<std::int64_t>(row)));
    ChangeCursor cursor(buffer, begins[row - 1]);
    Change change;
    ASSERT_TRUE(cursor.next(change));
    EXPECT_EQ(cursor.at(), begins[row - 1]);
  }
  for (const std::size_t row : {200u, 131u, 67u, 66u, 65u, 3u}) {
    buffer.cut(begins[row - 1]);
    EXPECT_EQ(buffer.size(), begins[row - 1]);
    EXPECT_EQ(rows(buffer), up_to(static_cast<std::int64_t>(row) - 1));
    add(buffer, static_cast<std::int64_t>(row));
    EXPECT_EQ(rows(buffer), up_to(static_cast<std::int64_t>(row)));
  }
  buffer.cut(0);
  EXPECT_TRUE(buffer.empty());
}

TEST_F(ChangeBufferTest, OneEntryIsReadWhereverItStandsAndWhileMoreIsAppended) {
  ChangeBuffer buffer(dir.path());
  std::vector<std::size_t> begins;
  for (std::int64_t row = 1; row <= 300; ++row) {
    begins.push_back(buffer.size());
    add(buffer, row);
    for (const std::size_t place : {begins.front(), begins[begins.size() / 2], begins.back()}) {
      const std::string entry = buffer.entry(place);
      Change change;
      ASSERT_TRUE(ChangeReader(entry).next(change));
      EXPECT_EQ(begins.at(static_cast<std::size_t>(change.rowid) - 1), place);
    }
  }
  EXPECT_TRUE(buffer.entry(buffer.size()).empty());
  buffer.cut(begins[100]);
  add(buffer, 7);
  const std::string entry = buffer.entry(begins[100]);
  Change change;
  ASSERT_TRUE(ChangeReader(entry).next(change));
  EXPECT_EQ(change.rowid, 7) << "what was cut off is not remembered";
}

TEST_F(ChangeBufferTest, WithoutAFileItSaysSoUntilWhatIsMissingIsCutOff) {
  ChangeBuffer buffer(dir.path() / "gone");
  add(buffer, 1);
  const std::size_t good = buffer.size();
  for (std::int64_t row = 2; row <= 100; ++row) add(buffer, row);
  EXPECT_TRUE(buffer.failed());
  buffer.cut(good);
  EXPECT_FALSE(buffer.failed());
  EXPECT_EQ(rows(buffer), up_to(1));
}

}  // namespace
}  // namespace chaos::pg
