// Which acknowledged orders a new primary lacks, asked before anybody else writes to it.
#pragma once

#include "runtime/node.hpp"
#include "serve/event_hub.hpp"
#include "serve/lab_model.hpp"
#include "serve/recorder.hpp"

#include <memory>

namespace chaos {

/// Asks the new primary, fills `loss` in, moves what is lost from the model's acknowledged orders to its lost ones, and publishes and records it.
/// Bounded to 10 s; does nothing more once somebody else has set loss->over. Engine's thread only.
awaitable<void> count_loss(NodeContext& ctx, LabModel& model, EventHub& events, Recorder& recorder, std::shared_ptr<FailoverLoss> loss);

}  // namespace chaos
