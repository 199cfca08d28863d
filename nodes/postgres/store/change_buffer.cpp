#include "postgres/store/change_buffer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace chaos::pg {

namespace {

constexpr mode_t kOwner = 0600;

int nameless_file(const std::filesystem::path& dir) {
  const int file = open(dir.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOwner);
  if (file >= 0) return file;
  std::string name = (dir / "changes-XXXXXX").string();     // a file system without O_TMPFILE
  const int made = mkostemp(name.data(), O_CLOEXEC);
  if (made >= 0) unlink(name.c_str());
  return made;
}

bool write_at(int file, std::string_view bytes, std::size_t at) {
  while (!bytes.empty()) {
    const ssize_t n = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
    at += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

void ChangeBuffer::append(const Change& change) {
  if (failed_) return;
  append_change(tail_, change);
  if (tail_.size() >= kPiece) failed_ = !spill();
}

bool ChangeBuffer::spill() {
  if (file_ < 0) file_ = nameless_file(dir_);
  if (file_ < 0 || !write_at(file_, tail_, in_file_)) return false;
  begins_.push_back(in_file_);
  in_file_ += tail_.size();
  tail_.clear();
  if (tail_.capacity() > 2 * kPiece) std::string().swap(tail_);
  return true;
}

bool ChangeBuffer::read_back(std::size_t begin, std::size_t end, std::string& out) const {
  out.resize(end - begin);
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = pread(file_, out.data() + done, out.size() - done, static_cast<off_t>(begin + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

void ChangeBuffer::cut(std::size_t size) {
  failed_ = false;
  near_begin_ = kNone;
  if (size == 0) return clear();
  if (size >= in_file_) {
    tail_.resize(std::min(tail_.size(), size - in_file_));
    return;
  }
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), size);
  const std::size_t begin = *std::prev(after);
  begins_.erase(std::prev(after), begins_.end());
  in_file_ = begin;
  failed_ = !read_back(begin, size, tail_);
}

void ChangeBuffer::clear() {
  close_file();
  begins_ = {};
  in_file_ = 0;
  failed_ = false;
  near_begin_ = kNone;
  std::string().swap(near_);
  tail_.clear();
  if (tail_.capacity() > kPiece) std::string().swap(tail_);
}

void ChangeBuffer::close_file() {
  if (file_ >= 0) close(std::exchange(file_, -1));
}

void ChangeBuffer::swap(ChangeBuffer& other) {
  std::swap(dir_, other.dir_);
  std::swap(begins_, other.begins_);
  std::swap(in_file_, other.in_file_);
  std::swap(tail_, other.tail_);
  std::swap(file_, other.file_);
  std::swap(failed_, other.failed_);
  near_begin_ = other.near_begin_ = kNone;
}

std::optional<std::string_view> ChangeBuffer::piece(std::size_t i, std::string& scratch) const {
  if (i >= begins_.size()) return tail_;
  if (!read_back(begins_[i], begin_of(i + 1), scratch)) return std::nullopt;
  return scratch;
}

std::string ChangeBuffer::entry(std::size_t at) const {
  std::string_view bytes = tail_;
  std::size_t begin = in_file_;
  if (at < in_file_) {
    const auto found = static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), at) - begins_.begin()) - 1;
    begin = begins_[found];
    if (near_begin_ != begin && !read_back(begin, begin_of(found + 1), near_)) return {};
    near_begin_ = begin;
    bytes = near_;
  }
  if (at - begin >= bytes.size()) return {};
  bytes.remove_prefix(at - begin);
  ChangeReader reader(bytes);
  Change change;
  return reader.next(change) ? std::string(bytes.substr(0, bytes.size() - reader.left())) : std::string();
}

ChangeCursor::ChangeCursor(const ChangeBuffer& buffer, std::size_t from) : buffer_(buffer) {
  while (piece_ + 1 < buffer.pieces() && buffer.begin_of(piece_ + 1) <= from) ++piece_;
  if (piece_ < buffer.pieces()) ok_ = load(from);
}

bool ChangeCursor::load(std::size_t from) {
  const auto bytes = buffer_.piece(piece_, scratch_);
  if (!bytes) return false;
  const std::size_t begin = buffer_.begin_of(piece_);
  end_ = begin + bytes->size();
  reader_ = ChangeReader(bytes->substr(std::min(bytes->size(), from - begin)));
  return true;
}

bool ChangeCursor::next(Change& out) {
  if (!ok()) return false;
  if (reader_.left() == 0) {
    if (piece_ + 1 >= buffer_.pieces()) return false;
    ok_ = load(buffer_.begin_of(++piece_));
    if (!ok_) return false;
  }
  at_ = end_ - reader_.left();
  return reader_.next(out);
}

}  // namespace chaos::pg
