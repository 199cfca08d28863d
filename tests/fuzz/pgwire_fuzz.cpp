// The PostgreSQL codec on any bytes, whole and cut in two: no crash, the same messages however they are cut, and every
// body parser survives every body.
#include "wire/pgwire_backend.hpp"
#include "wire/pgwire_frontend.hpp"
#include "wire/pgwire_replication.hpp"

#include <cstdlib>

namespace {

using namespace chaos::pg;

void parse_all(const Message& message) {
  Frontend frontend;
  StartupPacket startup;
  ServerError error;
  std::vector<Column> columns;
  std::vector<std::optional<std::string>> row;
  XLogData data;
  Keepalive keepalive;
  StandbyStatus status;
  std::int32_t method = 0;
  parse_frontend(message, frontend);
  parse_startup(message.body, startup);
  parse_error(message.body, error);
  parse_row_description(message.body, columns);
  parse_data_row(message.body, row);
  parse_xlog_data(message.body, data);
  parse_keepalive(message.body, keepalive);
  parse_standby_status(message.body, status);
  parse_authentication(message.body, method);
}

std::vector<std::pair<char, std::string>> messages(std::string_view first, std::string_view second, bool startup) {
  MessageDecoder decoder({.max_startup = 512, .max_message = 2048});
  decoder.expect_startup(startup);
  std::vector<std::pair<char, std::string>> out;
  for (const auto bytes : {first, second}) {
    decoder.feed(bytes);
    Message message;
    Progress progress;
    while ((progress = decoder.next(message)) == Progress::ready) {
      parse_all(message);
      out.emplace_back(message.type, message.body);
      decoder.expect_startup(false);
    }
    if (progress != Progress::more) break;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : data[0] % size;
  for (const bool startup : {false, true}) {
    if (messages(bytes, {}, startup) != messages(bytes.substr(0, cut), bytes.substr(cut), startup)) std::abort();
  }
  return 0;
}
