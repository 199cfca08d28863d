// Connections that misuse a port: many bytes, nothing read, nothing said. Plain sockets, so that nothing is done politely.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chaos::test {

/// A TCP connection to a node; closed when destroyed.
class RawConnection {
 public:
  RawConnection(const std::string& address, unsigned short port);
  ~RawConnection();
  RawConnection(RawConnection&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RawConnection& operator=(RawConnection&&) = delete;
  bool open() const { return fd_ >= 0; }

  /// Sends until all is sent, the peer has closed, or it has taken nothing for `patience`. Reads nothing. Bytes that were taken.
  std::size_t send(std::string_view bytes, std::chrono::milliseconds patience = std::chrono::milliseconds(300));
  /// Waits for bytes or for the end, at most `within`; what came, empty at the end or when nothing came.
  std::string receive(std::chrono::milliseconds within);

 private:
  int fd_ = -1;
};

/// `count` bytes that depend on the seed alone.
std::string random_bytes(std::size_t count, unsigned seed);

/// Openings of the protocols, to be sent without waiting for an answer.
namespace opening {
std::string postgres(const std::string& user, const std::string& database);
std::string postgres_query(const std::string& sql);
/// Opens channel 1 and declares the transient queue "flood".
std::string amqp();
/// Publishes a body of so many bytes to the queue "flood".
std::string amqp_publish(std::size_t body);
/// Consumes from it without acknowledgements.
std::string amqp_consume();
}  // namespace opening

}  // namespace chaos::test
