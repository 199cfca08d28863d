// Where a session's rows go: to the client, or kept for it.
#pragma once

#include "postgres/base/session_wire.hpp"
#include "postgres/base/sql_error.hpp"
#include "postgres/execution/executor.hpp"

namespace chaos::pg {

/// Rows go out as they come.
class WireSink final : public RowSink {
 public:
  explicit WireSink(SessionWire& wire) : wire_(wire) {}
  std::string& out() override { return wire_.out; }
  awaitable<bool> flush(ServerError& error) override {
    const auto sent = co_await wire_.flush_if_large();
    if (!sent) error = make_error("08006", "connection to client lost");
    co_return sent.has_value();
  }

 private:
  SessionWire& wire_;
};

/// Rows are kept for the Executes or FETCHes to come, 16 MB of them at most.
class KeepingSink final : public RowSink {
 public:
  static constexpr std::size_t kMost = 16 * 1024 * 1024;

  explicit KeepingSink(std::string& rows) : rows_(rows) {}
  std::string& out() override { return rows_; }
  awaitable<bool> flush(ServerError& error) override {
    const bool fits = rows_.size() <= kMost;
    if (!fits) error = make_error("53400", "temporary file size exceeds temp_file_limit (16384kB)");
    co_return fits;
  }

 private:
  std::string& rows_;
};

/// Rows are thrown away, their bytes counted.
class CountingSink final : public RowSink {
 public:
  std::string& out() override { return rows_; }
  awaitable<bool> flush(ServerError&) override {
    rows_.clear();
    co_return true;
  }

 private:
  std::string rows_;
};

}  // namespace chaos::pg
