// What survives a kill: durable exchanges, queues and bindings, and the persistent messages of durable queues.
// SQLite in WAL mode with synchronous=NORMAL: what commit() returned from is safe against the death of the process.
#pragma once

#include "queue/exchanges.hpp"
#include "queue/message.hpp"
#include "queue/queue_rule.hpp"
#include "queue/queue_spec.hpp"

#include <filesystem>
#include <functional>

namespace chaos::broker {

struct StoredMessage {
  MessageId id = 0;
  std::string queue;
  MessagePtr message;
  std::optional<LabTime> expires;
};

/// Data thread only; every call blocks it for the time of the disk. Throws SQLite::Exception when the file cannot be
/// read or written.
class Store {
 public:
  /// Opens or makes the file. ":memory:" for tests.
  explicit Store(const std::filesystem::path& file);
  ~Store();

  std::vector<QueueSpec> queues();
  std::vector<ExchangeSpec> exchanges();
  std::vector<Binding> bindings();
  std::vector<StoredMessage> messages();   // by id

  /// Definitions and whole queues: on disk when the call returns, together with everything put before it.
  void save(const QueueSpec& queue);
  void save(const ExchangeSpec& exchange);
  void save(const Binding& binding);
  void drop_queue(const std::string& name);      // with its messages and bindings
  void drop_exchange(const std::string& name);   // with its bindings
  void drop(const Binding& binding);

  /// Kept in memory until commit().
  void put(MessageId id, const std::string& queue, MessagePtr message, std::optional<LabTime> expires);
  void erase(MessageId id);
  bool dirty() const { return !changes_.empty(); }
  /// Called at each put and erase.
  void on_change(std::function<void()> callback) { on_change_ = std::move(callback); }
  /// One transaction. After an exception the changes are still there for the next try.
  void commit();

 private:
  struct Change {
    MessageId id;
    std::string queue;       // empty: erased
    MessagePtr message;
    std::optional<LabTime> expires;
  };
  struct Database;
  std::unique_ptr<Database> db_;
  std::vector<Change> changes_;
  std::function<void()> on_change_ = [] {};
};

}  // namespace chaos::broker
