// A lone queue node and pika against it.
#pragma once

#include "support/compat.hpp"
#include "support/needs.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {

class QueueNode : public testing::Test {
 protected:
  explicit QueueNode(const std::string& state = "{}") : node("queue", 5672, state) {}

  std::string url() const { return "-u amqp://guest:guest@" + node.address() + ":5672"; }

  /// Runs the code with: conn(**parameters), c and ch (a connection and its channel), until(holds) which lets events happen,
  /// said(f) which runs f on a channel of its own and returns what the broker said against it, publish(key, body, **properties),
  /// get(queue).
  Output pika(const std::string& code) {
    std::ofstream(script.path() / "t.py") << kPrelude << "start('" << node.address() << "')\nc = conn()\nch = c.channel()\n" << code;
    return sh("/usr/bin/python3 " + (script.path() / "t.py").string() + " 2>&1", 60);
  }

  static constexpr const char* kPrelude = R"(
import pika, sys, time
from pika.exceptions import *
def start(host):
    global H
    H = host
def conn(**k): return pika.BlockingConnection(pika.ConnectionParameters(H, **k))
def until(holds, on=None):
    end = time.time() + 20
    while not holds() and time.time() < end: (on or c).process_data_events(0.02)
    return bool(holds())
def said(f):
    own = conn()
    try:
        channel = own.channel()
        f(channel)
        channel.basic_qos(prefetch_count=0)
        return 'nothing'
    except (ChannelClosedByBroker, ConnectionClosedByBroker) as e: return '%d %s' % (e.reply_code, e.reply_text)
    finally:
        if own.is_open: own.close()
def publish(key, body, exchange='', **properties): ch.basic_publish(exchange, key, body if isinstance(body, bytes) else body.encode(), pika.BasicProperties(**properties))
def get(queue, ack=True):
    m, p, b = ch.basic_get(queue, auto_ack=ack)
    return b.decode() if m else None
)";

  TempDir script;
  LoneNode node;
};

}  // namespace chaos::test
