// YAML into a protobuf message: keys are field names, checks are the field options of options.proto. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chaos {

/// Where in a file; both from 1, 0 when unknown.
struct FilePlace {
  int line = 0;
  int column = 0;
};

/// One thing wrong with a file.
struct FileFault {
  std::string file;
  FilePlace place;
  std::string field;      // "topology[3].config.server.station.slots"; empty: the file as a whole
  std::string text;       // what is wrong, and what is allowed

  /// "guided.yaml:12:7: traffic.think_s: 0 is out of range; allowed: 0.01 to 3600 (default 10)".
  std::string to_string() const;
};

/// By line and column; faults of one place stay in their order.
void sort_by_place(std::vector<FileFault>& faults);

struct YamlText {
  std::string file;       // as named in faults
  std::string_view text;
};

struct YamlResult {
  std::vector<FileFault> faults;              // all of them (at most kMaxFileFaults), in order of the file
  std::map<std::string, FilePlace> places;    // of every key that was there, by field path
  bool good() const { return faults.empty(); }
};

inline constexpr std::size_t kMaxFileBytes = 1024 * 1024;
inline constexpr std::size_t kMaxFileFaults = 200;
inline constexpr std::size_t kMaxListEntries = 256;

/// Fills `message` (which must be empty). Unknown and repeated keys, wrong types, values out of range, words that are
/// not allowed, missing required fields and two members of one oneof are faults. A lab_clock field takes "HH:MM"
/// (beyond 24:00 for later days) or seconds. A key without a value is an empty message or list. Each field that the
/// file does not name gets its preset: unlike apply_presets this tells a zero in the file from a field left out.
YamlResult read_yaml(const YamlText& source, google::protobuf::Message& message);

/// "HH:MM" or "HH:MM:SS" as seconds since midnight; hours up to 168. False when it is not of that form.
bool parse_lab_clock(std::string_view text, double& seconds);

}  // namespace chaos
