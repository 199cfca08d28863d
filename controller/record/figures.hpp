// What drill/scoring needs, from the record. Pure.
#pragma once

#include "drill/scoring.hpp"
#include "record/run_data.hpp"

namespace chaos {

/// P95 as an SLI over lab minutes: at each sample the median of the intervals' P95 over the last kSliMinutes lab
/// minutes (the sample's own alone where it stands alone). A lone interval of a few answers moves nothing.
std::vector<LatencySample> p95_over_minutes(const std::vector<SliSample>& slis);

/// Lab time at which the first fault began: from the events, else from the drill; none without a fault before
/// the newest figure of the run.
std::optional<double> first_fault_at(const RunData& data);

/// The verdict's budget when the run has ended, else that of the newest sample. Orders lost counts orders without
/// a receipt too. Orders acknowledged: of the ledger check, else as counted so far.
RunFigures run_figures(const RunData& data);

}  // namespace chaos
