// What a test has shown of a protocol: a row of docs/compatibility.md. Rows are kept when their test passes, so the page,
// which tools/compatibility.py makes of them, says nothing that was not seen.
#pragma once

#include <string>

namespace chaos::test {

enum class Compat { works, differs, refused };

/// Call it inside a test, once a row. protocol: "PostgreSQL", "Redis", "HAProxy", "AMQP 0-9-1", "RabbitMQ management", "S3",
/// "HTTP cache" or "Clients"; section: a heading below it ("Views"); feature: as users write it ("pg_blocking_pids()",
/// "SLOWLOG GET"). Anything but works needs the note that says how.
void compat(const std::string& protocol, const std::string& section, const std::string& feature, Compat verdict = Compat::works,
            const std::string& note = {});

}  // namespace chaos::test
