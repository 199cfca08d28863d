// Operations from what an operator, a responder or a drill asks for. Pure but for the version that they set.
#pragma once

#include "drill/responder.hpp"
#include "serve/lab_model.hpp"
#include "serve/operations.hpp"

namespace chaos {

/// Each refuses an unknown node or role with the nearest, and values out of range with field, value and range.
Answer<Operation> plan_restart(const LabModel& model, const v1::RestartRequest& request);
Answer<Operation> plan_duty(const LabModel& model, const v1::SetDutyRequest& request);
Answer<Operation> plan_scale(const LabModel& model, const v1::ScaleRequest& request);
/// Sets the version of the role's next processes.
Answer<Operation> plan_rollback(const LabModel& model, const v1::RollbackRequest& request);
/// loss: filled in while it goes on.
Answer<Operation> plan_failover(const LabModel& model, const v1::FailoverRequest& request, std::shared_ptr<FailoverLoss> loss);
/// To go on with one that was cut off.
Operation plan_rest(const LabModel& model, OpenFailover failover);
Answer<Operation> plan_deploy(const LabModel& model, const v1::ScheduledDeploy& deploy);
Answer<Operation> plan_response(const LabModel& model, const ResponderAction& action);

}  // namespace chaos
