// The drill reader on any bytes: no crash, and either a whole drill or faults that each name the file and say something.
#include "drill/drill_file.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto result = chaos::parse_drill(std::string(reinterpret_cast<const char*>(data), size), "any.yaml");
  if (result.file.has_value() != result.faults.empty()) std::abort();
  if (result.faults.size() > 2 * chaos::kMaxFileFaults) std::abort();
  for (const chaos::FileFault& fault : result.faults) {
    if (fault.file != "any.yaml" || fault.text.empty() || fault.place.line < 0 || fault.to_string().size() > 4096) std::abort();
  }
  return 0;
}
