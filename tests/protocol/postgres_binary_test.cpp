// Parameters and results in binary, by libpq's PQexecParams.
#include "protocol/postgres_client.hpp"

namespace chaos::test {
namespace {

// libpq through ctypes: ask(sql, [(type, bytes), ..]) gives (type, format, bytes) of each column, or the error.
constexpr const char* kLibpq = R"py(
import ctypes, struct, sys
pq = ctypes.CDLL('libpq.so.5')
P, I = ctypes.c_void_p, ctypes.c_int
pq.PQconnectdb.restype = pq.PQexecParams.restype = P
pq.PQgetvalue.restype = ctypes.POINTER(ctypes.c_char)
pq.PQresultErrorMessage.restype = ctypes.c_char_p
pq.PQgetvalue.argtypes = pq.PQgetlength.argtypes = [P, I, I]
pq.PQftype.argtypes = pq.PQfformat.argtypes = [P, I]
pq.PQresultErrorMessage.argtypes = pq.PQntuples.argtypes = pq.PQnfields.argtypes = [P]
conn = P(pq.PQconnectdb(('host=%s user=shop dbname=shop' % sys.argv[1]).encode()))
def ask(sql, params):
    n = len(params)
    r = P(pq.PQexecParams(conn, sql.encode(), n, (ctypes.c_uint * n)(*[p[0] for p in params]), (ctypes.c_char_p * n)(*[p[1] for p in params]),
                          (I * n)(*[len(p[1]) for p in params]), (I * n)(*[1] * n), 1))
    if pq.PQntuples(r) != 1: return pq.PQresultErrorMessage(r).decode().split('\n')[0]
    return [(pq.PQftype(r, i), pq.PQfformat(r, i), pq.PQgetvalue(r, 0, i)[:pq.PQgetlength(r, 0, i)]) for i in range(pq.PQnfields(r))]
)py";

class PostgresBinary : public PostgresNode {
 protected:
  std::string libpq(const std::string& program) const { return sh("/usr/bin/python3 " + file("binary.py", kLibpq + program) + " " + node.address()).out; }
};

TEST_F(PostgresBinary, ParametersComeBackAsTheyWere) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c \"import ctypes; ctypes.CDLL('libpq.so.5')\"").exit == 0, "libpq");
  compat("PostgreSQL", "Protocol", "simple and extended query; text and binary parameters and results: int2, int4, int8, float4, float8, numeric, bool, text, bytea, timestamp, timestamptz, date, interval, uuid");
  EXPECT_EQ(libpq(R"py(
given = [(21, struct.pack('!h', -5)), (23, struct.pack('!i', 70000)), (20, struct.pack('!q', 2**40)), (700, struct.pack('!f', 0.5)), (701, struct.pack('!d', -2.25)), (16, b'\1'),
         (25, b"it's"), (17, b'\0\xff'), (1184, struct.pack('!q', 825000000123456)), (1082, struct.pack('!i', 9500)), (1186, struct.pack('!qii', 7200000000, 1, 14)),
         (1700, struct.pack('!hhhhhhh', 3, 1, 0, 3, 1, 2345, 6780))]
names = ['int2', 'int4', 'int8', 'float4', 'float8', 'bool', 'text', 'bytea', 'timestamptz', 'date', 'interval', 'numeric']
back = ask('select ' + ', '.join('$%d::%s' % (i + 1, t) for i, t in enumerate(names)), given)
print([b[0] for b in back] == [g[0] for g in given], all(b[1] == 1 for b in back))
print([n for n, b, g in zip(names, back, given) if b[2] != g[1]])
)py"),
            "True True\n[]\n");
}

TEST_F(PostgresBinary, ColumnsDecideWhatAParameterIs) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c \"import ctypes; ctypes.CDLL('libpq.so.5')\"").exit == 0, "libpq");
  EXPECT_EQ(libpq(R"py(
print(ask('select id, stock > 0 from items where id = $1', [(0, struct.pack('!i', 7))]))
print(ask('select count(*), $1 > 3 from items', [(23, struct.pack('!i', 4))]))
print(ask('select $1::int', [(23, b'abc')]))
)py"),
            "[(23, 1, b'\\x00\\x00\\x00\\x07'), (16, 1, b'\\x01')]\n[(20, 1, b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00d'), (16, 1, b'\\x01')]\n"
            "ERROR:  incorrect binary data format in bind parameter 1\n");
}

}  // namespace
}  // namespace chaos::test
