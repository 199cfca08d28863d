// The text and CSV forms of COPY, front to back in pieces. Pure.
// Source: PostgreSQL 15 documentation, COPY, "File Formats".
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::pg {

struct CopyFormat {
  bool csv = false;
  bool header = false;               // the first line names the columns
  char delimiter = '\t';             // CSV: ','
  char quote = '"';                  // CSV alone
  char escape = '"';
  std::string null_text = "\\N";     // CSV: an empty value without quotes
};

using CopyRow = std::vector<std::optional<std::string>>;

/// Takes bytes as they come and gives whole rows.
class CopyDecoder {
 public:
  static constexpr std::size_t kMaxRow = 16 * 1024 * 1024;

  explicit CopyDecoder(CopyFormat format) : format_(std::move(format)), skip_header_(format_.header) {}
  void feed(std::string_view bytes);
  /// No more bytes will come: a last line without its end is a row too.
  void finish() { over_ = true; }

  enum class Progress { more, row, end, malformed, too_large };      // end: "\." or the end of what was fed
  Progress next(CopyRow& row);
  /// Of the row that next() gave last, from 1.
  std::int64_t line() const { return line_; }
  /// Its text, 100 bytes of it at most, as it came.
  std::string text() const { return buffer_.substr(row_at_, std::min<std::size_t>(row_size_, 100)); }

 private:
  std::optional<std::size_t> line_end();            // of the next line, its newline left out
  bool text_row(std::string_view line, CopyRow& row) const;
  bool csv_row(std::string_view line, CopyRow& row) const;

  CopyFormat format_;
  bool skip_header_;
  bool over_ = false;
  bool ended_ = false;           // "\\." came: what follows is not data
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t seen_ = 0;         // how far the line that is not whole yet was looked through
  bool quoted_ = false;          // inside of a quoted value there
  std::int64_t line_ = 0;
  std::size_t row_at_ = 0, row_size_ = 0;
};

/// One row as a line with its newline, appended to `out`.
void append_copy_row(std::string& out, const CopyFormat& format, const std::vector<std::optional<std::string_view>>& values);

}  // namespace chaos::pg
