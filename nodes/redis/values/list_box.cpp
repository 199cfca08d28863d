#include "redis/values/list_box.hpp"

namespace chaos::redis {

std::unique_ptr<Box> ListBox::copy() const {
  auto out = std::make_unique<ListBox>();
  for (const auto& item : items_) out->push(item, End::right);
  return out;
}

void ListBox::push(std::string_view value, End end) {
  const std::string& made = end == End::left ? items_.emplace_front(value) : items_.emplace_back(value);
  heap_ += heap_of(made);
}

std::string ListBox::pop(End end) {
  std::string out = std::move(end == End::left ? items_.front() : items_.back());
  heap_ -= heap_of(out);
  if (end == End::left) items_.pop_front();
  else items_.pop_back();
  return out;
}

void ListBox::set(std::size_t index, std::string_view value) {
  heap_ -= heap_of(items_[index]);
  items_[index] = value;
  heap_ += heap_of(items_[index]);
}

void ListBox::insert(std::size_t before, std::string_view value) {
  const auto made = items_.emplace(items_.begin() + static_cast<std::ptrdiff_t>(before), value);
  heap_ += heap_of(*made);
}

void ListBox::erase(std::size_t from, std::size_t count) {
  const auto first = items_.begin() + static_cast<std::ptrdiff_t>(from);
  const auto last = first + static_cast<std::ptrdiff_t>(count);
  for (auto it = first; it != last; ++it) heap_ -= heap_of(*it);
  items_.erase(first, last);
}

}  // namespace chaos::redis
