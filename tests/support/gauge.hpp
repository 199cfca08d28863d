// Figures read from outside a node: Prometheus metrics and the lab's status.
#pragma once

#include "support/lab.hpp"

namespace chaos::test {

/// The sum of all series of a metric on a node's /metrics whose line contains `label`; NaN when it cannot be scraped.
double metric(const std::string& address, const std::string& name, const std::string& label = {});

double p95_now(const Lab& lab);       // of the users, over the last seconds, ms
double success_now(const Lab& lab);   // of the users, over the last seconds
double resident_mb(const Lab& lab, const std::string& node);
double gauge(const Lab& lab, const std::string& node, const std::string& name);   // of the node's report; NaN when absent

/// chaosctl inject ARGUMENTS; the fault's id.
std::string inject(const Lab& lab, const std::string& arguments);
void clear(const Lab& lab, const std::string& id);

}  // namespace chaos::test
