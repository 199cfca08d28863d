#include "postgres/execution/engine.hpp"

namespace chaos::pg {

awaitable<RowRun::Step> SlowThread::portion(RowRun& run, std::string& out, const RowFormat& format) {
  co_return run.run(out, kPortion, format);
}

awaitable<RowRun::Step> SlowThread::run(RowRun& run, std::string& out, const RowFormat& format) {
  if (!pool_) pool_ = std::make_unique<asio::thread_pool>(1);
  const asio::any_io_executor thread = pool_->get_executor();
  awaitable<RowRun::Step> work = portion(run, out, format);
  co_return co_await asio::co_spawn(thread, std::move(work), asio::use_awaitable);
}

void SlowThread::stop() {
  if (pool_) pool_->join();
  pool_.reset();
}

}  // namespace chaos::pg
