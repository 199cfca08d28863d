// A stream: entries of fields and values by ascending id.
#pragma once

#include "redis/values/box.hpp"
#include "redis/values/footprint.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chaos::redis {

struct StreamId {
  std::uint64_t ms = 0, seq = 0;
  auto operator<=>(const StreamId&) const = default;
  std::string text() const { return std::to_string(ms) + "-" + std::to_string(seq); }
  /// The next and the previous id; nothing beyond the ends.
  std::optional<StreamId> next() const;
  std::optional<StreamId> previous() const;
};

class StreamBox final : public Box {
 public:
  static constexpr Type kType = Type::stream;
  using Fields = std::vector<std::string>;      // field, value, field, value

  Type type() const override { return kType; }
  std::size_t size() const override { return entries_.size(); }
  std::uint64_t bytes() const override { return allocation(sizeof *this) + heap_; }
  std::string_view encoding() const override { return "stream"; }
  std::unique_ptr<Box> copy() const override;
  bool empty_is_gone() const override { return false; }

  void add(StreamId id, Fields fields);          // id above last_id()
  bool erase(StreamId id);
  /// Removes from the oldest on while there are more than `most`, or ids below `from`; how many.
  std::size_t trim_to_length(std::size_t most);
  std::size_t trim_below(StreamId from);
  StreamId last_id() const { return last_id_; }
  const std::map<StreamId, Fields>& entries() const { return entries_; }

 private:
  static std::uint64_t entry_bytes(const Fields& fields);
  std::map<StreamId, Fields>::iterator drop(std::map<StreamId, Fields>::iterator at);

  std::map<StreamId, Fields> entries_;
  StreamId last_id_;
  std::uint64_t heap_ = 0;
};

}  // namespace chaos::redis
