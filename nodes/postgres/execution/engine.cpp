#include "postgres/execution/engine.hpp"

namespace chaos::pg {

awaitable<RowRun::Step> SlowThread::portion(RowRun& run, std::string& out, const RowFormat& format) {
  co_return run.run(out, kPortion, format);
}

asio::any_io_executor SlowThread::thread() {
  if (!pool_) pool_ = std::make_unique<asio::thread_pool>(1);
  return pool_->get_executor();
}

awaitable<RowRun::Step> SlowThread::run(RowRun& run, std::string& out, const RowFormat& format) {
  const asio::any_io_executor other = thread();
  awaitable<RowRun::Step> work = portion(run, out, format);
  co_return co_await asio::co_spawn(other, std::move(work), asio::use_awaitable);
}

awaitable<bool> SlowThread::carry_out(std::function<bool()> work) { co_return work(); }

awaitable<bool> SlowThread::call(std::function<bool()> work) {
  const asio::any_io_executor other = thread();
  awaitable<bool> carried = carry_out(std::move(work));
  co_return co_await asio::co_spawn(other, std::move(carried), asio::use_awaitable);
}

void SlowThread::stop() {
  if (pool_) pool_->join();
  pool_.reset();
}

}  // namespace chaos::pg
