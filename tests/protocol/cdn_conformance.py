"""The CDN against RFC 9111 and its neighbours: an origin that answers as each case says, and one case after the other.

usage: cdn_conformance.py CDN_ADDRESS ORIGIN_ADDRESS

The origin listens at ORIGIN_ADDRESS as the object store (9000) and as the load balancer (8080); the CDN runs at speed 1.
Prints a line a case: "pass|fail TAB section TAB what it shows TAB why not". Exit code 0 when all pass.
"""
import email.utils
import http.client
import http.server
import socketserver
import sys
import threading
import time

CDN, ORIGIN = sys.argv[1], sys.argv[2]


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    replies = {}        # by target: (status, fields, body), or a function of the request that gives one
    seen = {}           # by target: the fields of each request
    lock = threading.Lock()

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        with Origin.lock:
            Origin.seen.setdefault(self.path, []).append((self.command, dict((k.lower(), v) for k, v in self.headers.items())))
            reply = Origin.replies.get(self.path, (404, {}, b"nothing here"))
        status, fields, body = reply(self) if callable(reply) else reply
        self.send_response_only(status)
        for name, value in fields.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status not in (204, 304) and self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.fields = dict((k.lower(), v) for k, v in response.getheaders())
        self.body = response.read()

    def __getattr__(self, name):
        return self.fields.get(name.replace("_", "-"), "")


def ask(method, target, fields=None):
    connection = http.client.HTTPConnection(CDN, 8080, timeout=10)
    connection.request(method, target, headers=fields or {})
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def get(target, **fields):
    return ask("GET", target, {k.replace("_", "-"): v for k, v in fields.items()})


def fetches(target):
    return len(Origin.seen.get(target, []))


def date(offset=0):
    return email.utils.formatdate(time.time() + offset, usegmt=True)


def serve(target, fields, status=200, body=b"0123456789"):
    Origin.replies[target] = (status, {"Date": date(), **fields}, body)


def validating(fields, etag='"v1"', body=b"0123456789"):
    """An origin that answers 304 to whom has its tag."""
    def reply(request):
        if request.headers.get("If-None-Match") == etag:
            return 304, {"Date": date(), "ETag": etag, **fields}, b""
        return 200, {"Date": date(), "ETag": etag, **fields}, body
    return reply


CASES = []


def case(section, what):
    def add(function):
        CASES.append((section, what, function))
        return function
    return add


def expect(got, wanted, of=""):
    if got != wanted:
        raise AssertionError(f"{of}: {got!r}, not {wanted!r}")


def expect_results(target, *results, **fields):
    for wanted in results:
        expect(get(target, **fields).x_cache, wanted, "X-Cache of " + target)


def kept(target, fields, **request):
    serve(target, fields)
    expect_results(target, "MISS", "HIT", **request)


def not_kept(target, fields, **request):
    serve(target, fields)
    for _ in range(2):
        if get(target, **request).x_cache == "HIT":
            raise AssertionError("it was kept")
    expect(fetches(target), 2, "fetches")


@case("3 Storing", "max-age: kept")
def _(t): kept(t, {"Cache-Control": "max-age=60"})


@case("3 Storing", "no-store: not kept")
def _(t): not_kept(t, {"Cache-Control": "no-store, max-age=60"})


@case("3 Storing", "private: not kept")
def _(t): not_kept(t, {"Cache-Control": "private, max-age=60"})


@case("3 Storing", "no-store in the request: not kept")
def _(t): not_kept(t, {"Cache-Control": "max-age=60"}, Cache_Control="no-store")


@case("3 Storing", "5xx without a lifetime: not kept; with max-age: kept")
def _(t):
    serve(t, {}, 503)
    expect(get(t).status, 503)
    expect(get(t).status, 503)
    expect(fetches(t), 2, "fetches")
    serve(t + "/told", {"Cache-Control": "max-age=60"}, 503)
    get(t + "/told")
    expect(get(t + "/told").x_cache, "HIT", "X-Cache")


@case("3 Storing", "404 with max-age: kept")
def _(t):
    serve(t, {"Cache-Control": "max-age=60"}, 404)
    get(t)
    again = get(t)
    expect((again.status, again.x_cache), (404, "HIT"))


@case("3 Storing", "Set-Cookie: not kept (for one user, whatever it says)")
def _(t): not_kept(t, {"Cache-Control": "max-age=60", "Set-Cookie": "a=b"})


@case("3.5 Authorization", "not kept without public, s-maxage or must-revalidate")
def _(t):
    not_kept("/api" + t, {"Cache-Control": "max-age=60"}, Authorization="Basic x")
    for number, directive in enumerate(("public, max-age=60", "s-maxage=60", "must-revalidate, max-age=60")):
        kept(f"/api{t}/{number}", {"Cache-Control": directive}, Authorization="Basic x")


@case("4.1 Vary", "each value of the named fields has its own copy")
def _(t):
    Origin.replies[t] = lambda r: (200, {"Date": date(), "Vary": "Accept-Language", "Cache-Control": "max-age=60"}, r.headers.get("Accept-Language", "").encode())
    for wanted in ("MISS", "HIT"):
        for language in ("en", "de"):
            answer = get(t, Accept_Language=language)
            expect((answer.x_cache, answer.body), (wanted, language.encode()))


@case("4.1 Vary", "*: not kept")
def _(t): not_kept(t, {"Cache-Control": "max-age=60", "Vary": "*"})


@case("4.2.1 Freshness", "s-maxage over max-age")
def _(t):
    serve(t, {"Cache-Control": "max-age=60, s-maxage=0"})
    get(t)
    if get(t).x_cache == "HIT":
        raise AssertionError("s-maxage=0 was not obeyed")


@case("4.2.1 Freshness", "max-age over Expires; Expires minus Date where there is no max-age")
def _(t):
    kept(t, {"Cache-Control": "max-age=60", "Expires": date(-60)})
    kept(t + "/e", {"Expires": date(60)})
    not_kept("/api" + t, {"Expires": date(-60)})


@case("4.2.1 Freshness", "an invalid Expires is in the past")
def _(t): not_kept("/api" + t, {"Expires": "0"})


@case("4.2.2 Heuristics", "static objects have the configured lifetime; other answers none")
def _(t):
    kept(t, {})
    not_kept("/api" + t, {"Last-Modified": date(-86400)})


@case("4.2.3 Age", "the origin's Age counts, and goes on")
def _(t):
    serve(t, {"Cache-Control": "max-age=60", "Age": "30"})
    get(t)
    again = get(t)
    if again.x_cache != "HIT" or not 30 <= int(again.age) <= 40:
        raise AssertionError(f"{again.x_cache}, Age {again.age}")
    not_kept("/api" + t, {"Cache-Control": "max-age=60", "Age": "60"})


@case("4.2.3 Age", "an old Date makes a response old")
def _(t):
    serve(t, {"Cache-Control": "max-age=60"})
    Origin.replies[t][1]["Date"] = date(-40)
    get(t)
    if not 39 <= int(get(t).age) <= 50:
        raise AssertionError("Age " + get(t).age)
    not_kept("/api" + t, {"Cache-Control": "max-age=60", "Date": date(-90)})


@case("4.2.3 Age", "no Age on what the origin has just made")
def _(t):
    serve(t, {"Cache-Control": "max-age=60"})
    expect("age" in get(t).fields, False, "Age on a miss")


@case("4.2.4 Stale", "an origin that fails: the old copy; must-revalidate: the failure")
def _(t):
    for suffix, directive, wanted in (("", "max-age=0, stale-if-error=60", ("STALE", 200)), ("/m", "max-age=0, must-revalidate", ("MISS", 503))):
        serve(t + suffix, {"Cache-Control": directive, "ETag": '"v1"'})
        get(t + suffix)
        serve(t + suffix, {}, 503)
        answer = get(t + suffix)
        expect((answer.x_cache, answer.status), wanted, directive)


@case("4.3 Validation", "by ETag: 304 makes the copy new, its fields replace the old")
def _(t):
    Origin.replies[t] = validating({"Cache-Control": "max-age=0"})
    expect(get(t).x_cache, "MISS")
    Origin.replies[t] = validating({"Cache-Control": "max-age=60", "X-New": "yes"})
    again = get(t)
    expect((again.x_cache, again.body, again.x_new), ("REVALIDATED", b"0123456789", "yes"))
    expect(get(t).x_cache, "HIT")


@case("4.3 Validation", "by Last-Modified where there is no ETag")
def _(t):
    then = date(-1000)
    Origin.replies[t] = lambda r: (304, {"Date": date()}, b"") if r.headers.get("If-Modified-Since") == then else (
        200, {"Date": date(), "Last-Modified": then, "Cache-Control": "max-age=0"}, b"0123456789")
    expect_results(t, "MISS", "REVALIDATED")


@case("4.3 Validation", "a 200 takes the place of the copy")
def _(t):
    serve(t, {"Cache-Control": "max-age=0", "ETag": '"v1"'}, body=b"old")
    get(t)
    serve(t, {"Cache-Control": "max-age=60", "ETag": '"v2"'}, body=b"new")
    expect(get(t).body, b"new")
    expect(get(t).x_cache, "HIT")


@case("4.3.2 Conditional requests", "answered from the cache: If-None-Match, If-Modified-Since")
def _(t):
    then = date(-1000)
    serve(t, {"Cache-Control": "max-age=60", "ETag": '"v1"', "Last-Modified": then})
    get(t)
    expect(get(t, If_None_Match='"v1"').status, 304)
    expect(get(t, If_None_Match='W/"v1", "x"').status, 304)
    expect(get(t, If_None_Match='"v2"').status, 200)
    expect(get(t, If_Modified_Since=then).status, 304)
    expect(fetches(t), 1, "fetches")


@case("4.4 Invalidation", "an unsafe method that succeeds, also by Location; not one that fails")
def _(t):
    api = "/api" + t
    for target in (api, api + "/other"):
        kept(target, {"Cache-Control": "max-age=60"})
    serve(api, {}, 500)
    ask("POST", api)
    expect(get(api).x_cache, "HIT", "after a failure")
    serve(api, {"Location": api + "/other"}, 201)
    ask("POST", api)
    serve(api, {"Cache-Control": "max-age=60"})
    expect(get(api).x_cache, "MISS", "after a POST")
    expect(get(api + "/other").x_cache, "MISS", "of its Location")


@case("5.2.1 Request directives", "no-cache: the origin is asked")
def _(t):
    Origin.replies[t] = validating({"Cache-Control": "max-age=60"})
    expect_results(t, "MISS", "HIT")
    expect_results(t, "REVALIDATED", Cache_Control="no-cache")
    expect_results(t, "REVALIDATED", Pragma="no-cache")


@case("5.2.1 Request directives", "max-age, min-fresh")
def _(t):
    serve(t, {"Cache-Control": "max-age=60", "Age": "10"})
    get(t)
    expect(get(t, Cache_Control="max-age=30").x_cache, "HIT")
    expect(get(t, Cache_Control="min-fresh=20").x_cache, "HIT")
    expect(get(t, Cache_Control="max-age=5").x_cache, "MISS")
    expect(get(t, Cache_Control="min-fresh=55").x_cache, "MISS")


@case("5.2.1 Request directives", "max-stale: an old copy will do, but not against must-revalidate")
def _(t):
    serve(t, {"Cache-Control": "max-age=0", "ETag": '"v1"'})
    get(t)
    expect(get(t, Cache_Control="max-stale").x_cache, "STALE")
    expect(get(t, Cache_Control="max-stale=30").x_cache, "STALE")
    serve(t + "/m", {"Cache-Control": "max-age=0, must-revalidate", "ETag": '"v1"'})
    get(t + "/m")
    expect(get(t + "/m", Cache_Control="max-stale").x_cache, "MISS")


@case("5.2.1 Request directives", "only-if-cached: 504 when it is not")
def _(t):
    expect(get(t, Cache_Control="only-if-cached").status, 504)
    serve(t, {"Cache-Control": "max-age=60"})
    get(t)
    expect(get(t, Cache_Control="only-if-cached").status, 200)
    expect(fetches(t), 1, "fetches")


@case("5.2.2 Response directives", "no-cache: kept, and confirmed before each use")
def _(t):
    Origin.replies[t] = validating({"Cache-Control": "no-cache"})
    expect_results(t, "MISS", "REVALIDATED", "REVALIDATED")


@case("RFC 5861 stale-while-revalidate", "the old copy at once, and one request to confirm it")
def _(t):
    Origin.replies[t] = validating({"Cache-Control": "max-age=0, stale-while-revalidate=60"})
    expect(get(t).x_cache, "MISS")
    Origin.replies[t] = validating({"Cache-Control": "max-age=60"})
    expect(get(t).x_cache, "STALE")
    until = time.time() + 5
    while get(t).x_cache != "HIT":
        if time.time() > until:
            raise AssertionError("it was not confirmed")
    expect(fetches(t), 2, "fetches")


@case("RFC 5861 stale-if-error", "no longer than it says")
def _(t):
    serve(t, {"Cache-Control": "max-age=0, stale-if-error=0", "ETag": '"v1"'})
    get(t)
    serve(t, {}, 500)
    expect(get(t).status, 500)


@case("RFC 9110 14 Range", "from the cache: 206, suffix, 416; several ranges: the whole")
def _(t):
    serve(t, {"Cache-Control": "max-age=60"})
    first = get(t, Range="bytes=2-4")
    expect((first.status, first.body, first.content_range), (206, b"234", "bytes 2-4/10"), "on a miss")
    part = get(t, Range="bytes=-3")
    expect((part.status, part.body, part.x_cache), (206, b"789", "HIT"))
    expect(get(t, Range="bytes=10-").status, 416)
    several = get(t, Range="bytes=0-1,4-5")
    expect((several.status, several.body), (200, b"0123456789"))
    expect(fetches(t), 1, "fetches")


@case("RFC 9110 14 Range", "If-Range")
def _(t):
    serve(t, {"Cache-Control": "max-age=60", "ETag": '"v1"'})
    get(t)
    expect(get(t, Range="bytes=0-0", If_Range='"v1"').status, 206)
    expect(get(t, Range="bytes=0-0", If_Range='"v2"').status, 200)


@case("RFC 9110 9.3.2 HEAD", "from the cache")
def _(t):
    serve(t, {"Cache-Control": "max-age=60"})
    get(t)
    head = ask("HEAD", t)
    expect((head.status, head.content_length, head.body, head.x_cache), (200, "10", b"", "HIT"))


@case("RFC 9110 7.6.3 Via", "names the CDN to the origin and to the user")
def _(t):
    serve(t, {"Via": "1.1 before"})
    expect(get(t).via, "1.1 before, 1.1 cdn-1")
    expect(Origin.seen[t][0][1]["via"], "1.1 cdn-1")


@case("4 Collapsed requests", "many misses at once make one request to the origin")
def _(t):
    gate = threading.Event()

    def slow(_):
        gate.wait(10)
        return 200, {"Date": date(), "Cache-Control": "max-age=60"}, b"0123456789"
    Origin.replies[t] = slow
    answers = []
    users = [threading.Thread(target=lambda: answers.append(get(t))) for _ in range(20)]
    for user in users:
        user.start()
    before = time.time() + 5
    while waiting() < 19 and time.time() < before:
        time.sleep(0.01)
    gate.set()
    for user in users:
        user.join()
    expect([a.body for a in answers], [b"0123456789"] * 20)
    expect(fetches(t), 1, "fetches")


def waiting():
    connection = http.client.HTTPConnection(CDN, 9100, timeout=5)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("cdn_coalesced_total"))


@case("PURGE", "one target, with all its variants; and a prefix with a '*' at its end")
def _(t):
    Origin.replies[t] = lambda r: (200, {"Date": date(), "Vary": "Accept", "Cache-Control": "max-age=60"}, b"x")
    for accept in ("a", "b"):
        get(t, Accept=accept)
    expect(ask("PURGE", t).body, b"purged 2\n")
    expect(ask("PURGE", t).status, 404)
    for suffix in ("/1", "/2"):
        kept(t + suffix, {"Cache-Control": "max-age=60"})
    expect(ask("PURGE", t + "/*").body, b"purged 2\n")
    expect(get(t + "/1").x_cache, "MISS")


def main():
    for port in (9000, 8080):
        threading.Thread(target=Server((ORIGIN, port), Origin).serve_forever, daemon=True).start()
    failures = 0
    for number, (section, what, run) in enumerate(CASES):
        try:
            run(f"/static/case{number}")
            print("pass", section, what, "", sep="\t")
        except Exception as why:      # whatever it is, the case does not hold
            failures += 1
            print("fail", section, what, f"{type(why).__name__} {why}", sep="\t")
    return 1 if failures else 0


sys.exit(main())
