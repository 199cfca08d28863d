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

/// Of the planned day: 5 or 15 lab minutes.
enum class CurveStep { fine = 1, coarse = 3 };
v1::TrafficStatus traffic_status(LabModel& model, CurveStep step);

}  // namespace chaos
