#!/usr/bin/env python3
"""redis-py against the node at argv[1]: what an application does with it."""
import sys
import threading

import redis

HOST = sys.argv[1]
pool = redis.BlockingConnectionPool(host=HOST, max_connections=4, timeout=5, decode_responses=True)
r = redis.Redis(connection_pool=pool)

with r.pipeline() as p:
    p.set("a", 1).incr("a").get("a")
    assert p.execute() == [True, 2, "2"]
with r.pipeline(transaction=False) as p:
    for i in range(500):
        p.hset("h", f"f{i}", i)
    assert sum(p.execute()) == 500
assert len(dict(r.hscan_iter("h", count=50))) == 500

with r.pipeline() as p:
    p.watch("a")
    r.set("a", "changed meanwhile")
    p.multi()
    p.set("a", "lost")
    try:
        p.execute()
        raise SystemExit("WATCH saw nothing")
    except redis.WatchError:
        pass

r.mset({f"key:{i}": i for i in range(1000)})
assert len(set(r.scan_iter("key:*", count=100))) == 1000

listener = r.pubsub(ignore_subscribe_messages=True)
listener.psubscribe("news.*")
listener.get_message(timeout=1)
assert r.publish("news.world", "hello") == 1
message = next(m for m in iter(lambda: listener.get_message(timeout=2), None) if m)
assert message["channel"] == "news.world" and message["data"] == "hello", message
listener.close()

got = []
waiter = threading.Thread(target=lambda: got.append(r.blpop("jobs", timeout=5)))
waiter.start()
while r.info("clients")["blocked_clients"] == 0:
    pass
r.rpush("jobs", "work")
waiter.join()
assert got == [("jobs", "work")], got
assert r.blpop("nothing", timeout=1) is None

threads = [threading.Thread(target=lambda: [r.incr("n") for _ in range(200)]) for _ in range(8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert r.get("n") == "1600"

r.zadd("z", {"a": 1.5, "b": 2})
assert r.zrange("z", 0, -1, withscores=True) == [("a", 1.5), ("b", 2.0)]
assert r.xadd("s", {"f": "v"}) and r.xlen("s") == 1
assert r.config_get("maxmemory*")["maxmemory-policy"] == "allkeys-lru"
assert r.slowlog_get() is not None and r.client_list()[0]["addr"].startswith("127.")
assert r.memory_stats()["keys.count"] > 1000

lock = r.lock("lock", timeout=5)
assert lock.acquire()
try:
    lock.release()
    raise SystemExit("a script ran")
except redis.ResponseError as error:
    assert "runs no scripts" in str(error), error
print("all well")
