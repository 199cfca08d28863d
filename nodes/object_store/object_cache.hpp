// Small objects as they were last read, so that the popular ones cost no file calls. Pure; the least recently used go first.
#pragma once

#include "object_store/object_file.hpp"
#include "runtime/http.hpp"

#include <list>
#include <memory>
#include <unordered_map>

namespace chaos {

struct StoredObject {
  ObjectHead head;
  std::string body;
  Headers fields = {};     // of an answer: s3_object.hpp's object_fields(head)
};
using ObjectPtr = std::shared_ptr<const StoredObject>;

class ObjectCache {
 public:
  static constexpr std::uint64_t kMaxObject = 256 * 1024;    // larger ones are not kept

  /// capacity: bytes of heads and bodies; 0 keeps nothing.
  void set_capacity(std::uint64_t capacity);
  /// nullptr when it is not there. Counts as a use.
  ObjectPtr find(std::string_view bucket, std::string_view key);
  void put(std::string_view bucket, ObjectPtr object);
  void erase(std::string_view bucket, std::string_view key);
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string name;
    ObjectPtr object;
    std::uint64_t bytes;
  };
  using Order = std::list<Entry>;
  void drop(Order::iterator it);
  void shrink_to(std::uint64_t bytes);

  std::uint64_t capacity_ = 0;
  std::uint64_t bytes_ = 0;
  Order order_;                                                         // most recently used first
  std::unordered_map<std::string_view, Order::iterator> entries_;       // by the entry's name
};

}  // namespace chaos
