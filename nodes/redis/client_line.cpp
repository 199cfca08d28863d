#include "redis/client_line.hpp"

#include "redis/values/text.hpp"

#include <fmt/format.h>

namespace chaos::redis {
namespace {

std::string flags_of(const Client& client) {
  std::string out;
  if (client.monitor) out += 'O';
  if (client.subscribed()) out += 'P';
  if (client.transaction) out += 'x';
  if (client.blocked) out += 'b';
  if (client.closing) out += 'c';
  if (client.no_evict) out += 'e';
  if (client.no_touch) out += 'T';
  return out.empty() ? "N" : out;
}

}  // namespace

std::string client_line(const Engine& engine, const Client& client) {
  const auto now = engine.clock.now();
  const auto queued = client.transaction ? static_cast<std::int64_t>(client.transaction->queue.size()) : -1;
  const auto queued_bytes = client.transaction ? client.transaction->bytes : 0;
  return fmt::format(
      "id={} addr={} laddr={} fd={} name={} age={} idle={} flags={} db=0 sub={} psub={} ssub=0 multi={} qbuf={} qbuf-free=0 argv-mem=0 "
      "multi-mem={} rbs={} rbp={} obl={} oll=0 omem={} tot-mem={} events={} cmd={} user=default redir=-1 resp={} lib-name={} lib-ver={}\n",
      client.id, client.remote, client.local, client.descriptor, client.name, static_cast<std::int64_t>(to_s(now - client.connected)),
      static_cast<std::int64_t>(to_s(now - client.last_used)), flags_of(client), client.channels.size(), client.patterns.size(), queued,
      client.unread, queued_bytes, client.out.capacity(), client.out.capacity(), client.out.size(), client.output(),
      sizeof(Client) + client.out.capacity() + client.sending + client.unread + queued_bytes, client.sending > 0 ? "rw" : "r",
      client.last_command, client.protocol, client.lib_name, client.lib_version);
}

bool is_client_type(std::string_view word) {
  return is_word(word, "normal") || is_word(word, "pubsub") || is_word(word, "master") || is_word(word, "replica") || is_word(word, "slave");
}

bool is_of_type(const Client& client, std::string_view word) { return is_word(word, client.subscribed() ? "pubsub" : "normal"); }

}  // namespace chaos::redis
