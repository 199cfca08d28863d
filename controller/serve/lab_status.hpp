// The whole lab at one moment, as operators see it.
#pragma once

#include "serve/event_hub.hpp"
#include "serve/lab_model.hpp"

namespace chaos {

struct LabPlace {
  std::string data_dir;
  std::string http_address;
};

/// Without events.
v1::LabStatus lab_status(LabModel& model, const LabPlace& place);
v1::TrafficStatus traffic_status(LabModel& model, bool with_curve);

}  // namespace chaos
