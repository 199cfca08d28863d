#include "upstream/pg_connection.hpp"

#include "wire/pgwire_frontend.hpp"

namespace chaos {

namespace {
constexpr std::size_t kMaxPrepared = 64;
constexpr std::size_t kMaxRows = 100'000;
}

awaitable<Result<std::unique_ptr<PgConnection>>> PgConnection::open(NodeContext& ctx, v1::Peer peer, PgLogin login,
                                                                    RealTime deadline) {
  auto link = co_await PgLink::open(ctx, std::move(peer), std::move(login), deadline, nullptr);
  if (!link) co_return link.error();
  co_return std::make_unique<PgConnection>(std::move(*link));
}

// The statement for this text, most recent first; a new one takes the place of the oldest, which is closed.
PgConnection::Prepared& PgConnection::statement(const std::string& sql, std::string& out) {
  for (auto it = prepared_.begin(); it != prepared_.end(); ++it) {
    if (it->sql != sql) continue;
    prepared_.splice(prepared_.begin(), prepared_, it);
    return prepared_.front();
  }
  if (prepared_.size() >= kMaxPrepared) {
    pg::append_close(out, 'S', prepared_.back().name);
    prepared_.pop_back();
  }
  prepared_.push_front({sql, "s" + std::to_string(++names_), {}, false});
  return prepared_.front();
}

awaitable<Result<PgRows>> PgConnection::query(std::string sql, std::vector<std::optional<std::string>> params,
                                              RealTime deadline) {
  sqlstate_.clear();
  error_text_.clear();
  std::string out;
  Exchange exchange{&statement(sql, out), {}, false, deadline};
  Prepared& prepared = *exchange.statement;
  if (!prepared.parsed) {
    pg::append_parse(out, prepared.name, sql);
    pg::append_describe(out, 'S', prepared.name);
  }
  pg::append_bind(out, prepared.name, params);
  pg::append_execute(out);
  pg::append_sync(out);
  usable_ = false;   // until the exchange is over in good order
  const auto sent = co_await link_->send(out, deadline);
  if (!sent) co_return sent.error();
  const auto collected = co_await collect(exchange);
  if (!collected) co_return collected.error();
  usable_ = true;
  if (exchange.failed && !prepared.parsed) prepared_.pop_front();
  if (exchange.failed) co_return Errc::rejected;
  exchange.rows.columns = prepared.columns;
  co_return std::move(exchange.rows);
}

awaitable<Result<void>> PgConnection::collect(Exchange& exchange) {
  while (true) {
    const auto message = co_await link_->next(exchange.deadline);
    if (!message) {
      // A server that ends a session says why before it closes.
      if (exchange.failed && message.error() == make_error_code(Errc::closed)) co_return Errc::rejected;
      co_return message.error();
    }
    const auto over = take(*message, exchange);
    if (!over) co_return over.error();
    if (*over) co_return boost::system::in_place_value;
  }
}

// One message of the answer; true when it was the last.
Result<bool> PgConnection::take(const pg::Message& message, Exchange& exchange) {
  Prepared& prepared = *exchange.statement;
  switch (message.type) {
    case 'Z': return true;
    case '1': prepared.parsed = true; return false;
    case 'C': exchange.rows.tag = pg::Reader(message.body).text(); return false;
    case 'D': {
      if (exchange.rows.rows.size() >= kMaxRows) return Errc::too_large;
      auto& row = exchange.rows.rows.emplace_back();
      if (!pg::parse_data_row(message.body, row)) return Errc::protocol;
      return false;
    }
    case 'T': {
      std::vector<pg::Column> columns;
      if (!pg::parse_row_description(message.body, columns)) return Errc::protocol;
      prepared.columns.clear();
      for (auto& column : columns) prepared.columns.push_back(std::move(column.name));
      return false;
    }
    case 'E': {
      pg::ServerError error;
      if (!pg::parse_error(message.body, error)) return Errc::protocol;
      exchange.failed = true;
      sqlstate_ = error.sqlstate;
      error_text_ = error.message;
      return false;
    }
    case '2': case '3': case 'n': case 't': case 'N': case 'S': case 'I': case 's': case 'A': return false;
    default: return Errc::protocol;
  }
}

}  // namespace chaos
