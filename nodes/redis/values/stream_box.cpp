#include "redis/values/stream_box.hpp"

namespace chaos::redis {

std::optional<StreamId> StreamId::next() const {
  if (seq != UINT64_MAX) return StreamId{ms, seq + 1};
  if (ms != UINT64_MAX) return StreamId{ms + 1, 0};
  return std::nullopt;
}

std::optional<StreamId> StreamId::previous() const {
  if (seq != 0) return StreamId{ms, seq - 1};
  if (ms != 0) return StreamId{ms - 1, UINT64_MAX};
  return std::nullopt;
}

std::unique_ptr<Box> StreamBox::copy() const {
  auto out = std::make_unique<StreamBox>();
  for (const auto& [id, fields] : entries_) out->add(id, fields);
  out->last_id_ = last_id_;
  return out;
}

std::uint64_t StreamBox::entry_bytes(const Fields& fields) {
  std::uint64_t out = allocation(sizeof(StreamId) + sizeof(Fields) + 4 * sizeof(void*)) + allocation(fields.capacity() * sizeof(std::string));
  for (const auto& text : fields) out += heap_of(text);
  return out;
}

void StreamBox::add(StreamId id, Fields fields) {
  heap_ += entry_bytes(entries_.emplace_hint(entries_.end(), id, std::move(fields))->second);
  last_id_ = id;
}

std::map<StreamId, StreamBox::Fields>::iterator StreamBox::drop(std::map<StreamId, Fields>::iterator at) {
  heap_ -= entry_bytes(at->second);
  return entries_.erase(at);
}

bool StreamBox::erase(StreamId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return false;
  drop(found);
  return true;
}

std::size_t StreamBox::trim_to_length(std::size_t most) {
  std::size_t gone = 0;
  for (; entries_.size() > most; ++gone) drop(entries_.begin());
  return gone;
}

std::size_t StreamBox::trim_below(StreamId from) {
  std::size_t gone = 0;
  for (; !entries_.empty() && entries_.begin()->first < from; ++gone) drop(entries_.begin());
  return gone;
}

}  // namespace chaos::redis
