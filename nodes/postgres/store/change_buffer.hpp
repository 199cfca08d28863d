// The row changes of a transaction, however many: what is more than a piece of them waits in a file.
#pragma once

#include "postgres/state/change_record.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::pg {

/// Positions are bytes from the first change on. One thread at a time.
class ChangeBuffer {
 public:
  /// Bytes of a piece; it ends with the change that reaches them.
  static constexpr std::size_t kPiece = 64 * 1024;

  /// dir: where the file is made when it is needed, without a name; it goes with clear() or with this.
  explicit ChangeBuffer(std::filesystem::path dir) : dir_(std::move(dir)) {}
  ~ChangeBuffer() { close_file(); }
  ChangeBuffer(const ChangeBuffer&) = delete;

  void append(const Change& change);
  /// Back to where it was so long.
  void cut(std::size_t size);
  void clear();
  void swap(ChangeBuffer& other);

  std::size_t size() const { return in_file_ + tail_.size(); }
  bool empty() const { return size() == 0; }
  /// The file could not be written; what came after is missing, until it is cut off.
  bool failed() const { return failed_; }

  /// Each piece holds whole changes.
  std::size_t pieces() const { return begins_.size() + (tail_.empty() ? 0 : 1); }
  std::size_t begin_of(std::size_t piece) const { return piece < begins_.size() ? begins_[piece] : in_file_; }
  /// Its bytes, perhaps read into `scratch`, as long as nothing is appended or cut. nullopt: the file cannot be read.
  std::optional<std::string_view> piece(std::size_t i, std::string& scratch) const;
  /// The bytes of the change that stands there; near the last one that was asked for it costs no reading. Empty: it cannot be read.
  std::string entry(std::size_t at) const;
  const std::filesystem::path& dir() const { return dir_; }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  bool spill();
  void close_file();
  bool read_back(std::size_t begin, std::size_t end, std::string& out) const;

  std::filesystem::path dir_;
  std::vector<std::size_t> begins_;     // of the pieces in the file, which holds bytes from 0 to in_file_
  std::size_t in_file_ = 0;
  std::string tail_;
  int file_ = -1;
  bool failed_ = false;
  mutable std::string near_;            // the piece of the file that entry() read last
  mutable std::size_t near_begin_ = kNone;
};

/// Reads a buffer change by change from a position on, which nobody appends to meanwhile.
class ChangeCursor {
 public:
  explicit ChangeCursor(const ChangeBuffer& buffer, std::size_t from = 0);
  /// False at the end, or when the buffer cannot be read: then ok() is false. The values live until the next call.
  bool next(Change& out);
  bool ok() const { return ok_ && reader_.ok(); }
  /// Where the change that next() gave stands.
  std::size_t at() const { return at_; }

 private:
  bool load(std::size_t from);
  const ChangeBuffer& buffer_;
  std::size_t piece_ = 0;
  std::string scratch_;
  ChangeReader reader_{{}};
  std::size_t end_ = 0;          // of the piece that is read
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace chaos::pg
