// What a query does with a list: columns, sorting, pages (https://www.rabbitmq.com/docs/management#http-api-sorting).
#include "queue/management/management_call.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace chaos::broker {

namespace {

constexpr std::size_t kMostPageSize = 500;

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size() && !text.empty()) {
    const auto end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

const json::value* at_path(const json::object& item, const std::vector<std::string>& path) {
  const json::object* object = &item;
  const json::value* value = nullptr;
  for (const std::string& step : path) {
    value = object ? object->if_contains(step) : nullptr;
    if (!value) return nullptr;
    object = value->if_object();
  }
  return value;
}

void put_path(json::object& out, const std::vector<std::string>& path, const json::value& value) {
  json::object* object = &out;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    json::value& next = (*object)[path[i]];
    if (!next.is_object()) next = json::object();
    object = &next.get_object();
  }
  (*object)[path.back()] = value;
}

json::object only(const json::object& item, const std::vector<std::string>& columns) {
  json::object out;
  for (const std::string& column : columns) {
    const auto path = split(column, '.');
    const json::value* value = path.empty() ? nullptr : at_path(item, path);
    if (value) put_path(out, path, *value);
  }
  return out;
}

// Numbers before strings; what is missing comes first.
bool before(const json::value* a, const json::value* b) {
  if (!a || !b) return !a && b;
  if (a->is_number() && b->is_number()) return a->to_number<double>() < b->to_number<double>();
  if (a->is_string() && b->is_string()) return a->get_string() < b->get_string();
  return a->kind() < b->kind();
}

void sort(const Call& call, json::array& items) {
  const auto path = split(call.query("sort"), '.');
  if (path.empty()) return;
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const json::value* first = at_path(items[a].as_object(), path);
    const json::value* second = at_path(items[b].as_object(), path);
    return before(first, second) || (!before(second, first) && a < b);
  });
  if (call.query("sort_reverse") == "true") std::reverse(order.begin(), order.end());
  json::array sorted;
  for (const std::size_t at : order) sorted.push_back(std::move(items[at]));
  items = std::move(sorted);
}

std::size_t size_of(const std::string& text, std::size_t otherwise) {
  std::size_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && out > 0 ? out : otherwise;
}

HttpResponse paged(const Call& call, const json::array& items, std::size_t total) {
  const std::size_t size = std::min(size_of(call.query("page_size"), 100), kMostPageSize);
  const std::size_t page = size_of(call.query("page"), 1);
  const std::size_t pages = std::max<std::size_t>((items.size() + size - 1) / size, 1);
  if (page > pages) return bad_request("page_out_of_range");
  json::array some;
  for (std::size_t i = (page - 1) * size; i < std::min(page * size, items.size()); ++i) some.push_back(items[i]);
  const std::size_t count = some.size();
  return found(json::object{{"total_count", total}, {"filtered_count", items.size()}, {"item_count", count}, {"page", page},
                            {"page_size", size}, {"page_count", pages}, {"items", std::move(some)}});
}

}  // namespace

HttpResponse listed(const Call& call, json::array items) {
  const std::size_t total = items.size();
  const std::string name = call.query("name");
  if (!name.empty()) {
    json::array kept;
    for (json::value& item : items) {
      const json::value* own = item.as_object().if_contains("name");
      if (own && own->is_string() && std::string_view(own->get_string()).find(name) != std::string_view::npos) kept.push_back(std::move(item));
    }
    items = std::move(kept);
  }
  sort(call, items);
  const auto columns = split(call.query("columns"), ',');
  if (!columns.empty()) {
    for (json::value& item : items) item = only(item.as_object(), columns);
  }
  if (!call.query("page").empty()) return paged(call, items, total);
  return found(items);
}

HttpResponse shown(const Call& call, json::object item) {
  const auto columns = split(call.query("columns"), ',');
  return found(columns.empty() ? item : only(item, columns));
}

}  // namespace chaos::broker
