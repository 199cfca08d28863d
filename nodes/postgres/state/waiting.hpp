// While it lives, pg_stat_activity shows what the session waits for.
#pragma once

#include "postgres/state/backends.hpp"

namespace chaos::pg {

class Waiting {
 public:
  Waiting(Backend& backend, std::string_view type, std::string_view event) : backend_(backend) {
    backend_.wait_event_type = type;
    backend_.wait_event = event;
  }
  Waiting(const Waiting&) = delete;
  ~Waiting() {
    backend_.wait_event_type = backend_.wait_event = {};
    backend_.wake = nullptr;
  }

 private:
  Backend& backend_;
};

}  // namespace chaos::pg
