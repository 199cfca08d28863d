#include "record/run_writer.hpp"

#include "record/thinning.hpp"

#include <algorithm>

namespace chaos {
namespace {

NodeSample sample_of(double lab_s, std::int64_t unix_us, const v1::NodeStatus& node) {
  NodeSample s{.lab_s = lab_s, .unix_us = unix_us, .node = node.name(), .role = node.role(), .phase = node.phase()};
  s.attached = node.attached();
  s.resident_bytes = node.resident_bytes();
  s.memory_limit_bytes = node.memory_limit_bytes();
  s.in_flight = node.in_flight();
  s.queued = node.queued();
  s.rate = node.rate();
  s.p95_ms = node.p95_ms();
  s.error_ratio = node.error_ratio();
  s.slowdown = node.slowdown();
  s.cpu_ratio = node.cpu_ratio();
  for (const auto& [name, value] : node.gauges()) s.gauges.emplace(name, value);
  return s;
}

template <class Samples>
std::uint64_t drop_oldest(Samples& samples) {
  if (samples.size() <= kMaxPendingSamples) return 0;
  samples.pop_front();
  return 1;
}

}  // namespace

std::uint64_t RunWriter::State::tick_of(std::int64_t unix_us) {
  if (tick_unix_us != unix_us) {
    ++tick;
    tick_unix_us = unix_us;
  }
  return tick;
}

RunWriter::RunWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}

RunWriter::~RunWriter() {
  (void)flush();   // what fails here was reported by the flush before
}

const std::string& RunWriter::run() const { return state_->run; }

std::uint64_t RunWriter::dropped_samples() const { return state_->dropped; }

std::uint64_t RunWriter::append(v1::Event event) {
  const std::uint64_t seq = state_->next_seq++;
  auto& pending = state_->pending;
  pending.last_lab_s = std::max(pending.last_lab_s, event.lab_s());
  if (seq > kMaxEvents) return seq;
  event.set_seq(seq);
  pending.events.push_back(std::move(event));
  return seq;
}

void RunWriter::add_node(double lab_s, std::int64_t unix_us, const v1::NodeStatus& node) {
  const std::uint64_t tick = state_->tick_of(unix_us);
  if (!record::keeps(tick)) return;
  auto& pending = state_->pending;
  pending.nodes.push_back({tick, sample_of(lab_s, unix_us, node)});
  pending.last_lab_s = std::max(pending.last_lab_s, lab_s);
  state_->dropped += drop_oldest(pending.nodes);
}

void RunWriter::add_sli(const SliSample& sample) {
  const std::uint64_t tick = state_->tick_of(sample.unix_us);
  if (!record::keeps(tick)) return;
  auto& pending = state_->pending;
  pending.slis.push_back({tick, sample});
  pending.last_lab_s = std::max(pending.last_lab_s, sample.lab_s);
  state_->dropped += drop_oldest(pending.slis);
}

void RunWriter::add_minutes(const v1::MinuteTally& increment) {
  auto& minute = state_->pending.minutes[increment.lab_minute()];
  minute.lab_minute = increment.lab_minute();
  minute.total += increment.total();
  minute.good += increment.good();
}

void RunWriter::add_latency(const v1::HistogramDelta& increment) { state_->pending.latency.merge(increment); }

void RunWriter::add_orders(std::span<const std::int64_t> ids) {
  auto& orders = state_->pending.orders;
  const std::size_t room = kMaxPendingOrders - std::min(kMaxPendingOrders, orders.size());
  const auto taken = ids.first(std::min(room, ids.size()));
  orders.insert(orders.end(), taken.begin(), taken.end());
}

void RunWriter::add_failover_losses(std::span<const std::int64_t> ids) {
  auto& lost = state_->pending.lost_in_failover;
  lost.insert(lost.end(), ids.begin(), ids.end());
}

void RunWriter::set_ledger(Ledger ledger) { state_->pending.ledger = std::move(ledger); }

void RunWriter::set_snapshot(std::string bytes) { state_->pending.snapshot = std::move(bytes); }

void RunWriter::interrupt() { state_->pending.interrupted = true; }

RecordResult<void> RunWriter::finish(const v1::ContractStatus& verdict, double lab_s, std::int64_t unix_us) {
  state_->pending.ending = record::Ending{verdict, lab_s, unix_us};
  state_->pending.last_lab_s = std::max(state_->pending.last_lab_s, lab_s);
  return flush();
}

RecordResult<void> RunWriter::flush() {
  auto& connection = *state_->connection;
  return record::guarded<void>(connection.file, [&]() -> RecordResult<void> {
    SQLite::Transaction transaction(connection.db, SQLite::TransactionBehavior::IMMEDIATE);
    record::write(connection.db, state_->run, state_->pending);
    transaction.commit();
    state_->pending = {};
    return {};
  });
}

}  // namespace chaos
