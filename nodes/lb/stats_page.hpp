// The statistics as a page: a table a proxy, in the columns and colours that people know from HAProxy's own.
#pragma once

#include "lb/stats.hpp"

namespace chaos {

/// node: the load balancer's name. refresh: whether the page loads itself anew (its header Refresh does); it tells the
/// other choice as a link.
std::string stats_page(std::string_view node, const std::vector<InfoField>& info, const StatsRows& rows, bool refresh);

}  // namespace chaos
