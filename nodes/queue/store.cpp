#include "queue/store.hpp"

#include "queue/message_properties.hpp"
#include "wire/amqp_bytes.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace chaos::broker {

namespace {

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS queues(name TEXT PRIMARY KEY, auto_delete INTEGER, arguments BLOB);
CREATE TABLE IF NOT EXISTS exchanges(name TEXT PRIMARY KEY, type TEXT, auto_delete INTEGER, internal INTEGER, arguments BLOB);
CREATE TABLE IF NOT EXISTS messages(id INTEGER PRIMARY KEY, queue TEXT, exchange TEXT, routing_key TEXT,
                                    properties BLOB, body BLOB, expires INTEGER);
CREATE TABLE IF NOT EXISTS links(exchange TEXT, destination TEXT, to_exchange INTEGER, routing_key TEXT, arguments BLOB,
                                 PRIMARY KEY(exchange, destination, to_exchange, routing_key, arguments));
PRAGMA user_version = 1;
)";

// What a file of the first version, which knew neither expiry nor arguments of bindings, needs. x'00000000' is an empty table.
constexpr const char* kFromVersion0 = R"(
ALTER TABLE messages ADD COLUMN expires INTEGER;
CREATE TABLE links(exchange TEXT, destination TEXT, to_exchange INTEGER, routing_key TEXT, arguments BLOB,
                   PRIMARY KEY(exchange, destination, to_exchange, routing_key, arguments));
INSERT INTO links SELECT exchange, queue, 0, routing_key, x'00000000' FROM bindings;
DROP TABLE bindings;
)";

std::string blob(const amqp::Table& table) {
  std::string out;
  amqp::Writer(out).put(table);
  return out;
}

amqp::Table table(const std::string& blob) {
  amqp::Table out;
  amqp::Reader in(blob);
  in.get(out);
  return out;
}

std::string bytes(const SQLite::Column& column) {
  return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

void bind_bytes(SQLite::Statement& statement, int at, const std::string& value) {
  statement.bindNoCopy(at, value.data(), static_cast<int>(value.size()));
}

}  // namespace

struct Store::Database {
  explicit Database(const std::string& file) : db(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    db.exec("PRAGMA journal_mode=WAL");
    db.exec("PRAGMA synchronous=NORMAL");
    db.exec("PRAGMA cache_size=-1024");
    if (db.execAndGet("PRAGMA user_version").getInt() == 0 && db.tableExists("bindings")) db.exec(kFromVersion0);
    db.exec(kSchema);
    insert.emplace(db, "INSERT INTO messages VALUES(?,?,?,?,?,?,?)");
    remove.emplace(db, "DELETE FROM messages WHERE id=?");
  }

  // One statement with text arguments.
  void run(const char* sql, std::initializer_list<std::string> args) {
    SQLite::Statement statement(db, sql);
    int at = 0;
    for (const std::string& arg : args) statement.bind(++at, arg);
    statement.exec();
  }

  // One statement with the five columns of a binding.
  void link(const char* sql, const Binding& binding) {
    const std::string arguments = blob(binding.arguments);
    SQLite::Statement statement(db, sql);
    statement.bind(1, binding.exchange);
    statement.bind(2, binding.destination);
    statement.bind(3, binding.to_exchange ? 1 : 0);
    statement.bind(4, binding.routing_key);
    bind_bytes(statement, 5, arguments);
    statement.exec();
  }

  SQLite::Database db;
  std::optional<SQLite::Statement> insert;
  std::optional<SQLite::Statement> remove;
};

Store::Store(const std::filesystem::path& file) : db_(std::make_unique<Database>(file.string())) {}
Store::~Store() = default;

std::vector<QueueSpec> Store::queues() {
  std::vector<QueueSpec> all;
  SQLite::Statement rows(db_->db, "SELECT name, auto_delete, arguments FROM queues");
  while (rows.executeStep()) {
    QueueSpec& spec = all.emplace_back();
    spec.name = bytes(rows.getColumn(0));
    spec.durable = true;
    spec.auto_delete = rows.getColumn(1).getInt() != 0;
    spec.arguments = table(bytes(rows.getColumn(2)));
  }
  return all;
}

std::vector<ExchangeSpec> Store::exchanges() {
  std::vector<ExchangeSpec> all;
  SQLite::Statement rows(db_->db, "SELECT name, type, auto_delete, internal, arguments FROM exchanges");
  while (rows.executeStep()) {
    ExchangeSpec& spec = all.emplace_back();
    spec.name = bytes(rows.getColumn(0));
    spec.type = exchange_type(bytes(rows.getColumn(1))).value_or(ExchangeType::direct);
    spec.durable = true;
    spec.auto_delete = rows.getColumn(2).getInt() != 0;
    spec.internal = rows.getColumn(3).getInt() != 0;
    spec.arguments = table(bytes(rows.getColumn(4)));
  }
  return all;
}

std::vector<Binding> Store::bindings() {
  std::vector<Binding> all;
  SQLite::Statement rows(db_->db, "SELECT exchange, destination, routing_key, arguments, to_exchange FROM links");
  while (rows.executeStep()) {
    all.push_back({bytes(rows.getColumn(0)), bytes(rows.getColumn(1)), bytes(rows.getColumn(2)), table(bytes(rows.getColumn(3))),
                   rows.getColumn(4).getInt() != 0});
  }
  return all;
}

std::vector<StoredMessage> Store::messages() {
  std::vector<StoredMessage> all;
  SQLite::Statement rows(db_->db, "SELECT id, queue, exchange, routing_key, properties, body, expires FROM messages ORDER BY id");
  while (rows.executeStep()) {
    auto message = std::make_shared<Message>();
    message->exchange = bytes(rows.getColumn(2));
    message->routing_key = bytes(rows.getColumn(3));
    message->properties = bytes(rows.getColumn(4));
    message->body = bytes(rows.getColumn(5));
    if (const auto properties = amqp::decode_properties(message->properties)) take_properties(*properties, *message);
    message->persistent = true;
    StoredMessage& stored = all.emplace_back();
    stored.id = static_cast<MessageId>(rows.getColumn(0).getInt64());
    stored.queue = bytes(rows.getColumn(1));
    stored.message = std::move(message);
    if (!rows.getColumn(6).isNull()) stored.expires = LabTime{rows.getColumn(6).getInt64()};
  }
  return all;
}

void Store::save(const QueueSpec& queue) {
  commit();
  SQLite::Statement insert(db_->db, "INSERT OR REPLACE INTO queues VALUES(?,?,?)");
  const std::string arguments = blob(queue.arguments);
  insert.bind(1, queue.name);
  insert.bind(2, queue.auto_delete ? 1 : 0);
  bind_bytes(insert, 3, arguments);
  insert.exec();
}

void Store::save(const ExchangeSpec& exchange) {
  commit();
  SQLite::Statement insert(db_->db, "INSERT OR REPLACE INTO exchanges VALUES(?,?,?,?,?)");
  const std::string arguments = blob(exchange.arguments);
  insert.bind(1, exchange.name);
  insert.bind(2, std::string(word(exchange.type)));
  insert.bind(3, exchange.auto_delete ? 1 : 0);
  insert.bind(4, exchange.internal ? 1 : 0);
  bind_bytes(insert, 5, arguments);
  insert.exec();
}

void Store::save(const Binding& binding) {
  commit();
  db_->link("INSERT OR IGNORE INTO links VALUES(?,?,?,?,?)", binding);
}

void Store::drop_queue(const std::string& name) {
  commit();
  SQLite::Transaction transaction(db_->db);
  db_->run("DELETE FROM queues WHERE name=?", {name});
  db_->run("DELETE FROM links WHERE destination=? AND to_exchange=0", {name});
  db_->run("DELETE FROM messages WHERE queue=?", {name});
  transaction.commit();
}

void Store::drop_exchange(const std::string& name) {
  commit();
  SQLite::Transaction transaction(db_->db);
  db_->run("DELETE FROM exchanges WHERE name=?", {name});
  db_->run("DELETE FROM links WHERE exchange=?", {name});
  db_->run("DELETE FROM links WHERE destination=? AND to_exchange=1", {name});
  transaction.commit();
}

void Store::drop(const Binding& binding) {
  commit();
  db_->link("DELETE FROM links WHERE exchange=? AND destination=? AND to_exchange=? AND routing_key=? AND arguments=?", binding);
}

void Store::put(MessageId id, const std::string& queue, MessagePtr message, std::optional<LabTime> expires) {
  changes_.push_back({id, queue, std::move(message), expires});
  on_change_();
}

void Store::erase(MessageId id) {
  changes_.push_back({id, {}, nullptr, {}});
  on_change_();
}

void Store::commit() {
  if (changes_.empty()) return;
  SQLite::Transaction transaction(db_->db);
  for (const Change& change : changes_) {
    SQLite::Statement& statement = change.message ? *db_->insert : *db_->remove;
    statement.tryReset();
    statement.bind(1, static_cast<std::int64_t>(change.id));
    if (change.message) {
      const Message& m = *change.message;
      statement.bindNoCopy(2, change.queue);
      statement.bindNoCopy(3, m.exchange);
      statement.bindNoCopy(4, m.routing_key);
      bind_bytes(statement, 5, m.properties);
      bind_bytes(statement, 6, m.body);
      change.expires ? statement.bind(7, change.expires->us) : statement.bind(7);
    }
    statement.exec();
    statement.tryReset();
  }
  transaction.commit();
  changes_.clear();
}

}  // namespace chaos::broker
