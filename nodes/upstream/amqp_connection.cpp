#include "upstream/amqp_link.hpp"

#include "runtime/dialer.hpp"
#include "runtime/ports.hpp"

namespace chaos {

using namespace amqp;

namespace {

using LinkPtr = std::shared_ptr<AmqpConnection::Link>;
awaitable<void> read_for(LinkPtr link) { co_await link->read(); }
awaitable<void> write_for(LinkPtr link) { co_await link->write(); }

Result<void> done() { return boost::system::in_place_value; }

}  // namespace

AmqpConnection::AmqpConnection(std::shared_ptr<Link> link) : link_(std::move(link)) {}

AmqpConnection::~AmqpConnection() { link_->fail(Errc::closed); }

bool AmqpConnection::is_open() const { return !link_->failure_; }

awaitable<Result<std::unique_ptr<AmqpConnection>>> AmqpConnection::open(NodeContext& ctx, v1::Peer peer, RealTime deadline) {
  auto stream = co_await dial(ctx, peer, ports::kAmqp, deadline);
  if (!stream) co_return stream.error();
  auto connection = std::make_unique<AmqpConnection>(std::make_shared<Link>(ctx.log, std::move(*stream)));
  LinkPtr link = connection->link_;
  ctx.tasks.spawn("amqp.read", read_for(link));
  ctx.tasks.spawn("amqp.write", write_for(link));
  if (auto opened = co_await link->handshake(deadline); !opened) co_return opened.error();
  co_return std::move(connection);
}

awaitable<Result<void>> AmqpConnection::declare_queue(std::string name, bool durable, RealTime deadline) {
  LinkPtr link = link_;
  QueueDeclare declare;
  declare.queue = std::move(name);
  declare.durable = durable;
  auto ok = co_await link->call<QueueDeclareOk>(Link::kChannel, declare, deadline);
  if (!ok) co_return ok.error();
  co_return done();
}

awaitable<Result<void>> AmqpConnection::publish(AmqpPublish message, RealTime deadline) {
  LinkPtr link = link_;
  auto number = link->send_publish(message);
  if (!number) co_return number.error();
  co_return co_await link->settled(*number, deadline);
}

awaitable<Result<void>> AmqpConnection::consume(std::string queue, std::uint16_t prefetch, RealTime deadline) {
  LinkPtr link = link_;
  BasicQos qos;
  qos.prefetch_count = prefetch;
  if (auto ok = co_await link->call<BasicQosOk>(Link::kChannel, qos, deadline); !ok) co_return ok.error();
  BasicConsume consume;
  consume.queue = std::move(queue);
  consume.consumer_tag = "consumer";
  link->consuming_ = true;
  if (auto ok = co_await link->call<BasicConsumeOk>(Link::kChannel, consume, deadline); !ok) co_return ok.error();
  co_return done();
}

awaitable<Result<AmqpDelivery>> AmqpConnection::next(RealTime deadline) {
  LinkPtr link = link_;
  while (link->deliveries_.empty()) {
    if (link->failure_) co_return link->failure_;
    if (!link->consuming_) co_return Errc::closed;
    if (!co_await link->changed_.wait(deadline)) co_return Errc::timeout;
  }
  AmqpDelivery delivery = std::move(link->deliveries_.front());
  link->deliveries_.pop_front();
  co_return delivery;
}

awaitable<Result<void>> AmqpConnection::cancel(RealTime deadline) {
  LinkPtr link = link_;
  BasicCancel cancel;
  cancel.consumer_tag = "consumer";
  auto ok = co_await link->call<BasicCancelOk>(Link::kChannel, cancel, deadline);
  if (!ok) co_return ok.error();
  link->consuming_ = false;
  link->changed_.notify_all();
  co_return done();
}

awaitable<Result<void>> AmqpConnection::ack(std::uint64_t tag, RealTime) {
  BasicAck ack;
  ack.delivery_tag = tag;
  co_return link_->send(ack);
}

awaitable<Result<void>> AmqpConnection::reject(std::uint64_t tag, bool requeue, RealTime) {
  BasicReject reject;
  reject.delivery_tag = tag;
  reject.requeue = requeue;
  co_return link_->send(reject);
}

awaitable<Result<void>> AmqpConnection::close(RealTime deadline) {
  LinkPtr link = link_;
  ConnectionClose goodbye;
  goodbye.code = static_cast<std::uint16_t>(Reply::success);
  auto ok = co_await link->call<ConnectionCloseOk>(0, goodbye, deadline);
  if (!ok) co_return ok.error();
  link->fail(Errc::closed);
  co_return done();
}

}  // namespace chaos
