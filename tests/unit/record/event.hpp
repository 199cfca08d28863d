// Events of a record in one line each.
#pragma once

#include "chaoslab/v1/lab.pb.h"

#include <string>

namespace chaos::test {

inline v1::Event event(double lab_s, const std::string& kind, const std::string& what, const std::string& node = "", const std::string& text = "") {
  v1::Event e;
  e.set_lab_s(lab_s);
  e.set_kind(kind);
  e.set_what(what);
  e.set_node(node);
  e.set_text(text);
  return e;
}

inline v1::Event by(const std::string& actor, v1::Event event) {
  event.set_actor(actor);
  return event;
}

}  // namespace chaos::test
