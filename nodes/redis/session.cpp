#include "redis/session.hpp"

namespace chaos::redis {

Session::Session(Engine& e, std::shared_ptr<EdgeStream> s) : engine(e), stream(std::move(s)), writer(client.out, 2) {
  client.remote = stream->remote();
  client.local = stream->local();
  client.descriptor = stream->socket().native_handle();
  client.close = [this] {
    stream->close();
    unblocked.notify_all();
  };
  engine.join(client);
}

Session::~Session() { engine.leave(client); }

}  // namespace chaos::redis
