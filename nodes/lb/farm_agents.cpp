// The agent checks of lb/farm.hpp: HAProxy's agent-check, agent-port, agent-inter, agent-send, agent-addr.
#include "lb/farm.hpp"

#include "runtime/dialer.hpp"
#include "runtime/sleep.hpp"

namespace chaos {

namespace {

struct UnderWay {
  explicit UnderWay(Backend& of) : backend(of) { backend.agent.under_way = true; }
  UnderWay(const UnderWay&) = delete;
  ~UnderWay() { backend.agent.under_way = false; }
  Backend& backend;
};

void tell_unreachable(CheckReport& report, ErrorCode error) {
  report.status = error == Errc::timeout ? "L4TOUT" : "L4CON";
  if (error == Errc::refused) report.info = "Connection refused";
}

// received: what came before it. An incomplete line leaves the status as it was, as in HAProxy.
void tell_silent(CheckReport& report, ErrorCode error, const AgentTarget& target, std::string_view received) {
  if (error == Errc::timeout) {
    report.status = "L7TOUT";
  } else if (error != Errc::closed && error != Errc::too_large) {
    report.status = "SOCKERR";
    report.info = "Connection reset by peer";
  } else if (received.empty()) {
    report.status = "L7RSP";
    report.info = target.send.empty() ? "TCPCHK got an empty response at step 1" : "TCPCHK got an empty response at step 2";
  } else {
    report.info = "Ignoring incomplete line from agent";
  }
}

void tell_reply(CheckReport& report, const AgentReply& reply) {
  constexpr std::string_view kStatuses[] = {"CHECKED", "L7OK", "L7STS"};
  report.status = kStatuses[static_cast<int>(reply.health)];
  report.info = reply.told;
}

// Until a whole line is there.
awaitable<ErrorCode> receive(EdgeStream& stream, std::string& received) {
  char chunk[kMaxAgentAnswer];
  while (!agent_line(received)) {
    if (received.size() >= kMaxAgentAnswer) co_return Errc::too_large;
    auto got = co_await stream.read_some(asio::buffer(chunk, kMaxAgentAnswer - received.size()));
    if (!got) co_return got.error();
    received.append(chunk, *got);
  }
  co_return ErrorCode{};
}

}  // namespace

awaitable<void> Farm::listen_to(std::shared_ptr<Backend> backend) {
  while (!backend->gone) {
    if (backend->agent.asked()) {
      AgentReply reply;
      CheckReport report = co_await ask(backend, reply);
      if (backend->agent.asked() && !backend->gone) heard(*backend, reply, std::move(report));
    }
    co_await sleep_real(real_ms(config_.agent_interval_ms()));
  }
}

awaitable<CheckReport> Farm::ask(std::shared_ptr<Backend> backend, AgentReply& reply) {
  const UnderWay under_way(*backend);
  const AgentTarget target = backend->agent.target;
  const RealTime begin = ctx_.clock.now();
  const RealTime deadline = begin + real_ms(config_.check_timeout_ms());
  CheckReport report;
  report.status = backend->agent.last.status;
  v1::Peer peer = backend->peer;
  if (!target.address.empty()) peer.set_address(target.address);
  auto stream = co_await dial(ctx_, peer, target.port, deadline);
  if (stream) {
    (*stream)->expires_at(deadline);
    std::string received;
    ErrorCode error;
    if (!target.send.empty()) {
      const auto sent = co_await (*stream)->write(asio::buffer(target.send));
      if (!sent) error = sent.error();
    }
    if (!error) error = co_await receive(**stream, received);
    if (error) {
      tell_silent(report, error, target, received);
    } else {
      reply = read_agent_line(*agent_line(received));
      tell_reply(report, reply);
    }
  } else {
    tell_unreachable(report, stream.error());
  }
  report.took = ctx_.clock.now() - begin;
  co_return report;
}

void Farm::heard(Backend& backend, const AgentReply& reply, CheckReport report) {
  const std::string before = backend.status();
  backend.obey(reply, std::move(report), ctx_.clock.now());
  changed(backend, before, "agent");
  settle();
}

}  // namespace chaos
