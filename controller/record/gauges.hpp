// A node's own figures as one JSON object of numbers. Private to controller/record.
#pragma once

#include <map>
#include <string>

namespace chaos::record {

/// Figures that are not finite are left out: JSON has no word for them.
std::string to_json(const std::map<std::string, double>& gauges);
/// What is no number is left out; text that is no JSON object gives nothing.
std::map<std::string, double> gauges_from_json(const std::string& text);

}  // namespace chaos::record
