#include "support/flood.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <random>
#include <sys/socket.h>
#include <unistd.h>

namespace chaos::test {

namespace {

bool wait_for(int fd, short events, std::chrono::milliseconds within) {
  pollfd polled{fd, events, 0};
  return poll(&polled, 1, static_cast<int>(within.count())) > 0;
}

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

std::string shortstr(const std::string& text) { return static_cast<char>(text.size()) + text; }

std::string amqp_frame(char type, int channel, const std::string& payload) {
  std::string out(1, type);
  put(out, static_cast<std::uint64_t>(channel), 2);
  put(out, payload.size(), 4);
  return out + payload + '\xCE';
}

std::string amqp_method(int channel, int class_id, int method_id, const std::string& arguments) {
  std::string out;
  put(out, static_cast<std::uint64_t>(class_id), 2);
  put(out, static_cast<std::uint64_t>(method_id), 2);
  return amqp_frame(1, channel, out + arguments);
}

}  // namespace

RawConnection::RawConnection(const std::string& address, unsigned short port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  const int small = 65'536;         // the kernel is not to take what the node does not
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    close(fd_);
    fd_ = -1;
    return;
  }
  fcntl(fd_, F_SETFL, O_NONBLOCK);
}

RawConnection::~RawConnection() {
  if (fd_ >= 0) close(fd_);
}

std::size_t RawConnection::send(std::string_view bytes, std::chrono::milliseconds patience) {
  std::size_t sent = 0;
  while (open() && sent < bytes.size()) {
    const ssize_t n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n > 0) sent += static_cast<std::size_t>(n);
    if (n < 0 && errno != EAGAIN) break;
    if (n < 0 && !wait_for(fd_, POLLOUT, patience)) break;
  }
  return sent;
}

std::string RawConnection::receive(std::chrono::milliseconds within) {
  std::string out(65'536, '\0');
  const ssize_t n = open() && wait_for(fd_, POLLIN, within) ? recv(fd_, out.data(), out.size(), 0) : 0;
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

std::string random_bytes(std::size_t count, unsigned seed) {
  std::mt19937 chance(seed);
  std::string out(count, '\0');
  for (char& c : out) c = static_cast<char>(chance());
  return out;
}

namespace opening {

std::string postgres(const std::string& user, const std::string& database) {
  const std::string parameters = std::string("user") + '\0' + user + '\0' + "database" + '\0' + database + '\0' + '\0';
  std::string out;
  put(out, parameters.size() + 8, 4);
  put(out, 196'608, 4);
  return out + parameters;
}

std::string postgres_query(const std::string& sql) {
  std::string out = "Q";
  put(out, sql.size() + 5, 4);
  return out + sql + '\0';
}

std::string amqp() {
  std::string start(4, '\0');                                        // no client properties
  const std::string login = std::string("\0guest\0guest", 12);
  start += shortstr("PLAIN");
  put(start, login.size(), 4);
  start += login + shortstr("en_US");
  std::string tune;
  put(tune, 10, 2);
  put(tune, 131'072, 4);
  put(tune, 0, 2);
  std::string declare(2, '\0');
  declare += shortstr("flood") + std::string(5, '\0');
  return std::string("AMQP\0\0\x09\x01", 8) + amqp_method(0, 10, 11, start) + amqp_method(0, 10, 31, tune) +
         amqp_method(0, 10, 40, shortstr("/") + std::string(2, '\0')) + amqp_method(1, 20, 10, std::string(1, '\0')) +
         amqp_method(1, 50, 10, declare);
}

std::string amqp_publish(std::size_t body) {
  std::string header;
  put(header, 60, 2);
  put(header, 0, 2);
  put(header, body, 8);
  put(header, 0, 2);
  return amqp_method(1, 60, 40, std::string(2, '\0') + shortstr("") + shortstr("flood") + '\0') + amqp_frame(2, 1, header) +
         amqp_frame(3, 1, std::string(body, 'x'));
}

std::string amqp_consume() {
  return amqp_method(1, 60, 20, std::string(2, '\0') + shortstr("flood") + shortstr("c") + '\x02' + std::string(4, '\0'));
}

}  // namespace opening

}  // namespace chaos::test
