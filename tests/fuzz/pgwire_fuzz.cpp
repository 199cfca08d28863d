// The PostgreSQL codec on any bytes, whole and cut in two: no crash, the same messages however they are cut, and every
// body parser survives every body.
#include "wire/copy_text.hpp"
#include "wire/pgwire_backend.hpp"
#include "wire/pgwire_frontend.hpp"
#include "wire/pgwire_replication.hpp"
#include "wire/scram.hpp"

#include <cstdlib>

namespace {

using namespace chaos::pg;

// A client's SCRAM messages, and a server's.
void scram(std::string_view body) {
  const std::size_t middle = body.find('\0');
  ScramServer server({"salt", 1, std::string(32, 'k'), std::string(32, 's')}, "nonce");
  std::string proof;
  if (server.first(body.substr(0, middle))) server.last(body.substr(std::min(middle, body.size() - 1) + (body.empty() ? 0 : 1)), proof);
  if (body.find("i=1") == std::string_view::npos || body.find("i=10") != std::string_view::npos) return;      // few iterations
  ScramClient client("password", "n");
  if (client.last(body)) client.verify(body);
}

// COPY's rows come out the same however their bytes are cut.
void copy_data(std::string_view body) {
  for (const bool csv : {false, true}) {
    CopyFormat format;
    format.csv = csv;
    if (csv) format.delimiter = ',', format.null_text.clear();
    std::vector<CopyRow> whole, cut;
    for (auto* rows : {&whole, &cut}) {
      CopyDecoder decoder(format);
      CopyRow row;
      const std::size_t at = rows == &cut ? body.size() / 2 : body.size();
      for (const std::string_view part : {body.substr(0, at), body.substr(at)}) {
        decoder.feed(part);
        while (decoder.next(row) == CopyDecoder::Progress::row) rows->push_back(row);
      }
      decoder.finish();
      for (auto progress = decoder.next(row); progress == CopyDecoder::Progress::row; progress = decoder.next(row)) rows->push_back(row);
    }
    if (whole != cut) std::abort();
  }
}

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
  std::string_view sasl, mechanism;
  parse_authentication(message.body, method, sasl);
  parse_sasl_initial(message.body, mechanism, sasl);
  scram(message.body);
  copy_data(message.body);
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
