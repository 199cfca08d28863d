// The standard ports, the same everywhere (the lab gives addresses, not ports).
#pragma once

#include <string_view>

namespace chaos::ports {

inline constexpr unsigned short kHttp = 8080;          // cdn, lb, server, worker
inline constexpr unsigned short kLbStats = 8404;
inline constexpr unsigned short kLbRuntime = 9999;
inline constexpr unsigned short kRedis = 6379;
inline constexpr unsigned short kPostgres = 5432;      // replica too
inline constexpr unsigned short kAmqp = 5672;
inline constexpr unsigned short kAmqpManagement = 15672;
inline constexpr unsigned short kAmqpPrometheus = 15692;
inline constexpr unsigned short kObjectStore = 9000;
inline constexpr unsigned short kMetrics = 9100;       // every node
inline constexpr unsigned short kControllerGrpc = 7000;
inline constexpr unsigned short kControllerHttp = 7070;

}  // namespace chaos::ports
