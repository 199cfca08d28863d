// TLS on PostgreSQL's port: real clients, certificates that are made here, and clients that do not play by the rules.
#include "protocol/postgres_client.hpp"
#include "support/test_node.hpp"

#include <cstdlib>
#include <iterator>

namespace chaos::test {
namespace {

constexpr const char* kItems = R"({"config":{"postgres":{"items":10}}})";

// The environment of a node that is started here is this process's.
class PostgresTls : public testing::Test {
 protected:
  PostgresTls() {
    make("server");
    use("server.crt", "server.key");
  }
  ~PostgresTls() override {
    for (const char* name : {"CHAOSLAB_POSTGRES_SSL_CERT", "CHAOSLAB_POSTGRES_SSL_KEY", "CHAOSLAB_POSTGRES_PASSWORD"}) unsetenv(name);
  }
  std::string path(const std::string& name) const { return (dir.path() / name).string(); }
  void make(const std::string& name) const {
    const Output made = sh("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name + " -keyout " + path(name + ".key") + " -out " + path(name + ".crt"));
    ASSERT_EQ(made.exit, 0) << made.out;
  }
  void use(const std::string& certificate, const std::string& key) const {
    setenv("CHAOSLAB_POSTGRES_SSL_CERT", path(certificate).c_str(), 1);
    setenv("CHAOSLAB_POSTGRES_SSL_KEY", path(key).c_str(), 1);
  }
  static std::string psql(const LoneNode& node, const std::string& connection, const std::string& commands, const std::string& user = "shop") {
    return sh("psql -X -w -At 'host=" + node.address() + " user=" + user + " dbname=shop " + connection + "' " + commands).out;
  }
  // A Python program with ask(bytes), a socket that has sent an SSLRequest and then those, and secure(socket).
  std::string python(const LoneNode& node, const std::string& program) const {
    const std::string head = "import socket, ssl, struct, psycopg2\nHOST = '" + node.address() + "'\nSSL = struct.pack('!ii', 8, 80877103)\nGSS = struct.pack('!ii', 8, 80877104)\n" + R"py(
def ask(more=b'', first=SSL):
    s = socket.create_connection((HOST, 5432)); s.settimeout(20); s.sendall(first + more); return s
def secure(s):
    assert s.recv(1) == b'S'
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
    return c.wrap_socket(s)
def fields(s):
    data = b''
    while part := s.recv(4096): data += part
    return [f.decode() for f in data[5:].split(b'\0') if f[:1] in (b'C', b'M', b'D')]
)py";
    std::ofstream(path("program.py")) << head << program;
    return sh("/usr/bin/python3 " + path("program.py")).out;
  }
  // What a node that cannot start says.
  std::string start_fails() const {
    const std::filesystem::path log = dir.path() / "log";
    Child child({(bin_dir() / "chaos-node").string(), "postgres", "--name", "postgres-1", "--listen", TestNode::fresh_address(), "--data", path("data")}, log);
    EXPECT_EQ(child.wait(), 1);
    std::ifstream in(log);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TempDir dir;
};

TEST_F(PostgresTls, PsqlEncryptsAsItsSslmodeSays) {
  compat("PostgreSQL", "Protocol", "SSLRequest: TLS when CHAOSLAB_POSTGRES_SSL_CERT and _KEY are set, else N");
  compat("PostgreSQL", "Protocol", "GSSENCRequest", Compat::refused, "answered N, as by a server without GSSAPI");
  compat("PostgreSQL", "Views", "pg_stat_ssl");
  LoneNode node("postgres", 5432, kItems);
  const std::string row = "-c \"select ssl, version, cipher <> '', bits >= 128, client_dn is null from pg_stat_ssl where pid = pg_backend_pid()\"";
  EXPECT_EQ(psql(node, "sslmode=require", row), "t|TLSv1.3|t|t|t\n");
  EXPECT_EQ(psql(node, "", row), "t|TLSv1.3|t|t|t\n");
  EXPECT_EQ(psql(node, "sslmode=require ssl_max_protocol_version=TLSv1.2", row), "t|TLSv1.2|t|t|t\n");
  EXPECT_EQ(psql(node, "sslmode=disable", row), "f||||t\n");
  EXPECT_EQ(psql(node, "sslmode=verify-ca sslrootcert=" + path("server.crt"), "-c 'show ssl'"), "on\n");
  EXPECT_TRUE(has(psql(node, "", "-c '\\conninfo'"), "SSL connection (protocol: TLSv1.3, cipher: TLS_"));
  make("stranger");
  EXPECT_TRUE(has(psql(node, "sslmode=verify-ca sslrootcert=" + path("stranger.crt"), "-c 'select 1'"), "certificate verify failed"));
  EXPECT_EQ(sh("psql -X -At 'host=" + node.address() + " user=shop dbname=shop sslmode=require' -c 'select count(*) from generate_series(1, 5) g' -c \"select length(repeat('x', 300000))\"").out, "5\n300000\n");
}

TEST_F(PostgresTls, LargeAnswersCopyAndScramPassThrough) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  setenv("CHAOSLAB_POSTGRES_PASSWORD", "correct horse", 1);
  LoneNode node("postgres", 5432, kItems);
  const std::string out = python(node, R"py(
import io
def open(password, **more): return psycopg2.connect(host=HOST, user='shop', dbname='shop', password=password, sslmode='require', **more)
c = open('correct horse'); k = c.cursor()
print(c.info.ssl_in_use, c.info.ssl_attribute('protocol'))
k.execute('create table big(id int primary key, pad text)')
k.copy_expert('copy big from stdin', io.StringIO(''.join('%d\t%s\n' % (i, 'p' * 400) for i in range(2000)))); c.commit()
out = io.StringIO(); k.copy_expert('copy big to stdout', out); print(len(out.getvalue().splitlines()))
k.execute("select sum(length(pad)) from big"); print(k.fetchone())
k.execute("select pad from big"); print(sum(len(r[0]) for r in k.fetchall()))
for password, more in (('wrong', {}), ('correct horse', {'channel_binding': 'require'})):
    try: open(password, **more)
    except psycopg2.OperationalError as e: print(str(e).strip().split('FATAL:')[-1].split('failed: ')[-1].strip())
)py");
  EXPECT_EQ(out, "True TLSv1.3\n2000\n(800000,)\n800000\npassword authentication failed for user \"shop\"\n"
                 "channel binding is required, but server did not offer an authentication method that supports channel binding\n");
}

TEST_F(PostgresTls, CancelAndTerminationReachAnEncryptedSession) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  LoneNode node("postgres", 5432, kItems);
  const std::string out = python(node, R"py(
import threading, time
c = psycopg2.connect(host=HOST, user='shop', dbname='shop', sslmode='require'); k = c.cursor()
w = psycopg2.connect(host=HOST, user='postgres', dbname='shop', sslmode='disable'); w.autocommit = True; q = w.cursor()
def sleeps():
    while True:
        q.execute("select count(*) from pg_stat_activity where state = 'active' and query like 'select pg_sleep%'")
        if q.fetchone()[0] == 1: return
        time.sleep(0.01)
def clear(): sleeps(); c.cancel()
# psycopg2 does not give a session's key: a session by hand does.
def message(s):
    head = s.recv(5)
    kind, size = head[:1], struct.unpack('!i', head[1:])[0] - 4
    body = b''
    while len(body) < size: body += s.recv(size - len(body))
    return kind, body
def start(s):
    body = struct.pack('!i', 196608) + b'user\0shop\0database\0shop\0\0'
    s.sendall(struct.pack('!i', len(body) + 4) + body)
    while True:
        kind, body = message(s)
        if kind == b'K': key = body
        if kind == b'Z': return key
t = threading.Thread(target=clear); t.start()
try: k.execute('select pg_sleep(30)')
except psycopg2.errors.QueryCanceled as e: print('in the clear', e.pgcode)
t.join(); c.rollback()
s = secure(ask()); key = start(s)
text = b'select pg_sleep(30)\0'
s.sendall(b'Q' + struct.pack('!i', len(text) + 4) + text); sleeps()
x = secure(ask()); x.sendall(struct.pack('!ii', 16, 80877102) + key); print('closed', x.recv(10))
while (m := message(s))[0] != b'E': pass
print('encrypted', b'57014' in m[1])
while message(s)[0] != b'Z': pass
q.execute('select pg_terminate_backend(%s)', struct.unpack('!i', key[:4])); print(fields(s))
)py");
  EXPECT_EQ(out, "in the clear 57014\nclosed b''\nencrypted True\n['C57P01', 'Mterminating connection due to administrator command']\n");
}

TEST_F(PostgresTls, WhoDoesNotPlayByTheRulesIsRefused) {
  compat("PostgreSQL", "Protocol", "unencrypted bytes behind an SSLRequest (CVE-2021-23214), a second one inside TLS: refused in PostgreSQL's words");
  LoneNode node("postgres", 5432, kItems);
  const std::string out = python(node, R"py(
print(fields(secure(ask(b'Q\0\0\0\x0cinject\0'))))
s = ask(b'Q', GSS); print(s.recv(1), fields(s))
s = secure(ask()); s.sendall(SSL); print(fields(s))
s = secure(ask()); s.sendall(GSS); print(fields(s))
s = ask(first=GSS); print(s.recv(1)); s.sendall(SSL); secure(s); print('both')
s = ask(); print(s.recv(1)); s.sendall(b'no ClientHello, and long enough to be read as a record'); print(s.recv(1))
s = ask(); s.recv(1); s.close()
)py");
  EXPECT_EQ(out, "['C08P01', 'Mreceived unencrypted data after SSL request', 'DThis could be either a client-software bug or evidence of an attempted man-in-the-middle attack.']\n"
                 "b'N' ['C08P01', 'Mreceived unencrypted data after GSSAPI encryption request', 'DThis could be either a client-software bug or evidence of an attempted man-in-the-middle attack.']\n"
                 "['C0A000', 'Munsupported frontend protocol 1234.5679: server supports 3.0 to 3.0']\n"
                 "['C0A000', 'Munsupported frontend protocol 1234.5680: server supports 3.0 to 3.0']\n"
                 "b'N'\nboth\nb'S'\nb''\n");
  EXPECT_TRUE(eventually([&] { return has(node.log(), "could not accept SSL connection: wrong version number"); })) << node.log();
  EXPECT_TRUE(eventually([&] { return has(node.log(), "could not accept SSL connection: EOF detected"); })) << node.log();
  EXPECT_EQ(psql(node, "sslmode=require", "-c 'select 1'"), "1\n");
}

TEST_F(PostgresTls, CertificatesAreChangedByAReload) {
  compat("PostgreSQL", "Settings", "ssl, ssl_cert_file, ssl_key_file, ssl_ciphers, ssl_min_protocol_version, ssl_max_protocol_version by ALTER SYSTEM and pg_reload_conf()");
  compat("PostgreSQL", "Settings", "ssl_ca_file and client certificates, ssl_crl_file, ssl_passphrase_command", Compat::refused, "clients are known by their password alone");
  LoneNode node("postgres", 5432, kItems);
  make("next");
  const auto alter = [&](const std::string& setting) { return psql(node, "", "-c \"alter system set " + setting + "\" -c 'select pg_reload_conf()'", "postgres"); };
  const auto trusts = [&](const std::string& root, const std::string& more = "") { return psql(node, "sslmode=verify-ca sslrootcert=" + path(root) + " " + more, "-c 'select 1'"); };
  EXPECT_EQ(alter("ssl_cert_file = '" + path("next.crt") + "'"), "ALTER SYSTEM\nt\n");
  EXPECT_TRUE(has(node.log(), "key values mismatch")) << node.log();
  EXPECT_EQ(trusts("server.crt"), "1\n");        // the old one serves on
  EXPECT_EQ(alter("ssl_key_file = '" + path("next.key") + "'"), "ALTER SYSTEM\nt\n");
  EXPECT_EQ(trusts("next.crt"), "1\n");
  EXPECT_TRUE(has(trusts("server.crt"), "certificate verify failed"));
  EXPECT_EQ(alter("ssl_min_protocol_version = 'tlsv1.3'"), "ALTER SYSTEM\nt\n");
  EXPECT_TRUE(has(trusts("next.crt", "ssl_max_protocol_version=TLSv1.2"), "protocol version"));
  EXPECT_TRUE(has(alter("ssl_ca_file = '" + path("next.crt") + "'"), "unrecognized configuration parameter \"ssl_ca_file\""));
  EXPECT_EQ(alter("ssl = off"), "ALTER SYSTEM\nt\n");
  EXPECT_TRUE(has(psql(node, "sslmode=require", "-c 'select 1'"), "server does not support SSL"));
  EXPECT_EQ(psql(node, "", "-c 'show ssl'"), "off\n");
}

TEST_F(PostgresTls, ANodeWithoutAUsableCertificateDoesNotStart) {
  make("other");
  use("nowhere.crt", "server.key");
  EXPECT_TRUE(has(start_fails(), "could not load server certificate file \\\"" + path("nowhere.crt") + "\\\": No such file or directory")) << start_fails();
  use("server.crt", "other.key");
  EXPECT_TRUE(has(start_fails(), "could not load private key file \\\"" + path("other.key") + "\\\": key values mismatch")) << start_fails();
  unsetenv("CHAOSLAB_POSTGRES_SSL_KEY");
  EXPECT_TRUE(has(start_fails(), "could not access private key file \\\"server.key\\\": No such file or directory")) << start_fails();
  std::filesystem::permissions(path("server.key"), std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  use("server.crt", "server.key");
  EXPECT_TRUE(has(start_fails(), "has group or world access")) << start_fails();
  sh("openssl ec -aes128 -passout pass:secret -in " + path("other.key") + " -out " + path("locked.key"));
  use("other.crt", "locked.key");
  EXPECT_TRUE(has(start_fails(), "requires a passphrase")) << start_fails();
}

// Edge faults stand below the encryption.
TEST_F(PostgresTls, FaultsOfTheEdgeMeetEncryptedBytes) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import psycopg2'").exit == 0, "psycopg2");
  LoneNode node("postgres", 5432, R"({"config":{"postgres":{"items":10}},"faults":[{"id":"f","target":{"node":"postgres-1"},"probability":1,"latency":{"delay_ms":150,"direction":"both"}}]})");
  const std::string out = python(node, R"py(
import time
c = psycopg2.connect(host=HOST, user='shop', dbname='shop', sslmode='require'); c.autocommit = True; k = c.cursor()
began = time.monotonic(); k.execute('select 1'); took = time.monotonic() - began
print(c.info.ssl_in_use, took >= 0.3)
)py");
  EXPECT_EQ(out, "True True\n");
}

}  // namespace
}  // namespace chaos::test
