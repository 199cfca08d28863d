// One client's session: simple and extended query protocol over an executor.
// Source: PostgreSQL 15 documentation, 55.2.2 "Simple Query" and 55.2.3 "Extended Query".
#pragma once

#include "postgres/base/session_wire.hpp"
#include "postgres/execution/executor.hpp"
#include "postgres/state/session_settings.hpp"
#include "wire/pgwire_frontend.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chaos::pg {

struct ExplainNode;
struct ExplainTimes;

/// Data thread only. Lives in its connection's coroutine.
class Session {
 public:
  Session(Engine& engine, SessionWire& wire, Backend& backend, SessionSettings settings);

  /// Serves until the client leaves, breaks the protocol, or the session is ended (terminate).
  awaitable<void> run();
  /// Ends the session with 57P01: at once when it waits for its client and holds no transaction (or `at_once`), else
  /// after the statement under way.
  void terminate(bool at_once);
  bool in_transaction() const { return executor_.transaction().active(); }

 private:
  struct Prepared {
    std::shared_ptr<const Plan> plan;       // null: an empty query
    std::vector<std::int32_t> types;
  };
  struct Portal {
    Prepared statement;
    std::vector<BoundValue> values;
    std::vector<std::int16_t> formats;
    bool started = false;
    bool cursor = false;                    // made by DECLARE
    bool hold = false;
    bool fresh = true;                      // made by the transaction under way
    std::int64_t number = 0;                // in the order of their making
    std::vector<Column> columns;
    std::string rows;                       // of a result that is taken in parts
    std::size_t at = 0;
    std::string tag;
  };
  awaitable<bool> handle(Frontend message);                  // false: the session is over
  awaitable<bool> part(const Frontend& message);             // of an extended query; false: an error, skip to Sync
  awaitable<void> simple(Query query);
  awaitable<void> sync();
  bool plan_statement(StatementText& statement, Plan& plan, ServerError& error);
  awaitable<bool> simple_one(const Plan& plan);
  bool parse(const Parse& parse);
  bool bind(const Bind& bind);
  bool describe(const Describe& describe);
  bool describe_statement(const Prepared& prepared, const std::vector<std::int16_t>& formats, bool parameters);
  bool describe_columns(const Plan& plan, const std::vector<std::int16_t>& formats, std::vector<Column>& out, ServerError& error);
  bool describe_setting(const Plan& plan, const std::vector<std::int16_t>& formats, std::vector<Column>& out, ServerError& error);
  awaitable<bool> execute(Execute execute);
  awaitable<bool> execute_once(Portal& portal);
  awaitable<bool> execute_in_parts(Portal& portal, std::int32_t max_rows);
  void begin_pipeline(const Plan& plan);
  void close(const Close& close);
  void end_cursors(bool committed);
  void follow_savepoint(const Plan& plan);
  void close_portals();
  bool discard(const Plan& plan, ServerError& error);
  // session_copy.cpp
  awaitable<bool> copy_in(const Plan& plan, std::string& tag);
  awaitable<bool> copy_rows(const Plan& plan, const std::vector<Column>& columns, std::int64_t& rows, ServerError& error);
  awaitable<Result<Message>> next_of_copy();
  awaitable<bool> insert_rows(const CopyPlan& copy, const std::vector<Column>& columns, std::vector<BoundValue>& values, std::int64_t& rows, ServerError& error);
  awaitable<bool> copy_out(const Plan& plan, std::string& tag);
  // session_made.cpp: statements that are made of others
  awaitable<bool> create_as(const Plan& plan, std::string& tag);
  awaitable<bool> prepare_statement(const Plan& plan);
  awaitable<bool> execute_statement(const Plan& plan, const RowFormat& format, RowSink& sink, std::string& tag);
  awaitable<bool> declare_cursor(const Plan& plan, const std::vector<BoundValue>& values);
  awaitable<bool> fetch(const Plan& plan, const RowFormat& format, RowSink& sink, std::string& tag);
  bool close_cursor(const Plan& plan);
  awaitable<bool> analyze(const Plan& plan, const std::vector<BoundValue>& values, ExplainNode& root, ExplainTimes& times, std::string& tag);
  awaitable<bool> explain(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink, std::string& tag);
  awaitable<bool> run_kind(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink, std::string& tag);
  awaitable<bool> run_made(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink, std::string& tag);
  awaitable<bool> run_data(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink, std::string& tag);
  bool fits_block(const Plan& plan, ServerError& error) const;
  void tell_skips(const Plan& plan);
  awaitable<bool> run_plan(const Plan& plan, const std::vector<BoundValue>& values, const RowFormat& format, RowSink& sink, std::string& tag);
  bool run_setting(const Plan& plan, const RowFormat& format, std::string& out, std::string& tag, ServerError& error);
  bool set(const Plan& plan, ServerError& error);
  bool alter_system(const Plan& plan, ServerError& error);
  void apply_settings();
  Plan with_defaults(Plan begin) const;
  std::optional<std::string> of_transaction(const std::string& name) const;   // the value of its setting as the transaction has it
  void note(std::string_view event, const ServerError& error);    // in the node's log, so many in a second
  bool fail(const ServerError& error);                       // writes the ErrorResponse; always false
  void settle();                                             // ReadyForQuery, and what is idle now
  RealDuration idle_limit() const;
  bool reap();
  void farewell(const ServerError& error);

  Engine& engine_;
  SessionWire& wire_;
  Backend& backend_;
  SessionSettings settings_;
  int applied_ = -1;                                         // the generation of settings_ that is in force here
  std::map<std::string_view, std::string> told_;             // parameters as the client knows them
  Executor executor_;
  std::map<std::string, Prepared, std::less<>> prepared_;
  std::map<std::string, Portal, std::less<>> portals_;
  std::int64_t next_portal_ = 1;
  std::vector<std::pair<std::string, std::int64_t>> savepoints_;      // with the number of the next cursor then
  std::optional<std::string> running_;                       // the portal whose statement runs: it cannot be closed
  int nested_ = 0;                                           // EXECUTE of statements that are EXECUTE again
  bool skipping_ = false;                                    // after an error, until Sync
  bool settled_ = false;                                     // the last word was ReadyForQuery
  bool reading_ = false;                                     // waits for the client's next message
  bool ending_ = false;
  bool said_farewell_ = false;
  RealDuration idle_in_transaction_{};                       // idle_in_transaction_session_timeout; 0: none
  RealDuration idle_{};                                      // idle_session_timeout; 0: none
};

}  // namespace chaos::pg
