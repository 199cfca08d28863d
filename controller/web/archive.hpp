// The record, read beside the engine: on a thread of its own, so that a long read holds up nobody.
#pragma once

#include "record/record.hpp"
#include "runtime/asio.hpp"
#include "runtime/wait_list.hpp"

#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace chaos::web {

struct ArchiveFailure {
  enum class Kind { timeout, overloaded, record };
  Kind kind = Kind::record;
  std::string text;
};

[[noreturn]] inline void throw_exception_from_error(const ArchiveFailure& error, const boost::source_location&) { throw std::runtime_error(error.text); }

/// Engine's thread, but for the work itself. Destroyed before the executor's io_context; waits for the work that is
/// under way, not for what waits behind it.
class Archive {
 public:
  using Answer = boost::system::result<std::string, ArchiveFailure>;
  /// Makes a page of the record, on the reading thread: touches nothing but what it was given by value.
  using Work = std::function<Answer(RecordReader& reader)>;

  Archive(asio::any_io_executor engine, std::filesystem::path file) : engine_(std::move(engine)), file_(std::move(file)) {}
  ~Archive();

  /// Fails beside what the work answers by timeout (20 s), overloaded (64 wait already), and when the record cannot be opened.
  awaitable<Answer> ask(Work work);

 private:
  asio::any_io_executor engine_;
  std::filesystem::path file_;
  std::shared_ptr<std::size_t> waiting_ = std::make_shared<std::size_t>(0);
  asio::thread_pool thread_{1};
};

}  // namespace chaos::web
