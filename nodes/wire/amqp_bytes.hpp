// The elementary data types of AMQP (specification section 4.2.5): integers in network byte order, bits packed into
// octets, short and long strings, field tables.
#pragma once

#include "wire/amqp_table.hpp"

#include <cstddef>

namespace chaos::amqp {

/// A string with a 32-bit length; std::string stands for one with an 8-bit length.
struct LongString {
  std::string text;
  bool operator==(const LongString&) const = default;
};

/// Appends to a string. Consecutive bits share octets (section 4.2.5.2).
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void put(std::uint8_t value);
  void put(std::uint16_t value);
  void put(std::uint32_t value);
  void put(std::uint64_t value);
  void put(bool bit);
  void put(std::string_view short_string);     // cut after 255 bytes
  void put(const std::string& short_string) { put(std::string_view(short_string)); }
  void put(const LongString& value);
  void put(const Table& table);
  void put(const Value& value);
  void bytes(std::string_view raw);
  std::string& out() { return out_; }

 private:
  void number(std::uint64_t value, int octets);
  std::string& out_;
  int bits_ = 0;    // already in the last octet; 0: none is open
};

/// Reads from a view that must outlive it. After a failure every read yields nothing and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  void get(std::uint8_t& value);
  void get(std::uint16_t& value);
  void get(std::uint32_t& value);
  void get(std::uint64_t& value);
  void get(bool& bit);
  void get(std::string& short_string);
  void get(LongString& value);
  void get(Table& table) { table = this->table(0); }
  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }
  std::string_view rest() const { return in_; }

 private:
  std::uint64_t number(int octets);
  std::string_view take(std::size_t size);
  Table table(int depth);
  Value value(int depth);
  std::vector<Value> array(int depth);

  std::string_view in_;
  bool ok_ = true;
  std::uint8_t octet_ = 0;
  int bits_ = 0;
};

}  // namespace chaos::amqp
