// What drill/scoring needs, from the record. Pure.
#pragma once

#include "drill/scoring.hpp"
#include "record/run_data.hpp"

namespace chaos {

/// Lab time at which the run closed: its planned end, or when the traffic ended or the lab was ended before; of a run
/// that goes on its newest figure.
double run_end(const RunData& data);

/// P95 as an SLI over lab minutes: at each sample the median of the intervals' P95 over the last kSliMinutes lab
/// minutes (the sample's own alone where it stands alone); 0 where nothing was answered in them. A lone interval of a
/// few answers moves nothing.
std::vector<LatencySample> p95_over_minutes(const std::vector<SliSample>& slis);

/// The verdict's budget when the run has ended, else that of the newest sample. Orders lost counts orders without
/// a receipt too. Orders acknowledged: of the ledger check, else as counted so far. The fault is
/// record::incident_fault. Judged: it has a verdict. The name is the responder's, "you" with a person on call.
RunFigures run_figures(const RunData& data);

}  // namespace chaos
