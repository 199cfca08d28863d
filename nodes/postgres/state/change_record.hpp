// What a committed transaction changed, row by row: the payload of one record of the change log. Pure.
//   record = entry*;  entry = op table row;  numbers are LEB128, a text is its length and its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chaos::pg {

struct Blob { std::string_view bytes; bool operator==(const Blob&) const = default; };
using ChangeValue = std::variant<std::monostate, std::int64_t, double, std::string_view, Blob>;

enum class ChangeOp : char {
  insert = 'I',    // there is a row with this rowid and these values now
  put = 'P',       // the row with this rowid has these values now
  erase = 'E',     // no row has this rowid any more
  define = 'D',    // a definition: `table` holds its SQL
};

struct Change {
  ChangeOp op = ChangeOp::put;
  std::string_view table;
  std::int64_t rowid = 0;
  std::vector<ChangeValue> values;    // of insert and put: all columns in table order
};

void append_change(std::string& record, const Change& change);

/// Reads a record entry by entry; the values are views into it.
class ChangeReader {
 public:
  explicit ChangeReader(std::string_view record) : rest_(record) {}
  /// False at the end, or when the record is malformed: then ok() is false.
  bool next(Change& out);
  /// The same without the values.
  bool next_head(Change& out);
  bool ok() const { return ok_; }
  /// Bytes that have not been read.
  std::size_t left() const { return rest_.size(); }

 private:
  std::uint64_t number();
  std::string_view bytes(std::uint64_t count);
  bool value(ChangeValue& out);
  bool head(Change& out);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace chaos::pg
