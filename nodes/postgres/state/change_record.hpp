// What a committed transaction changed, row by row: the payload of one record of the change log. Pure.
//   record = goes_on? entry*;  entry = op table row;  numbers are LEB128, a text is its length and its bytes.
// A large transaction is several records that follow each other; all but its last one begin with `goes_on`.
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

constexpr char kGoesOn = 'M';
/// Whether the record's transaction goes on in the next one.
inline bool goes_on(std::string_view record) { return record.starts_with(kGoesOn); }

/// Reads a record entry by entry; the values are views into it.
class ChangeReader {
 public:
  explicit ChangeReader(std::string_view record) : rest_(goes_on(record) ? record.substr(1) : record) {}
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
