// Defaults and bounds from the descriptors' options (proto/chaoslab/v1/options.proto).
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace chaos {

/// One thing wrong with a value: where ("server.station.slots"), what, and what is allowed.
struct SchemaFault {
  std::string field;
  std::string text;
};

/// Fills each unset field that has a preset; sub-messages too (they are created). Where zero is a value of its own beside the
/// preset the field is `optional` in the proto, and a zero that was set stays; in other fields zero counts as unset.
void apply_presets(google::protobuf::Message& message);

/// Every value out of its range, in the message and below. Empty: all is well.
std::vector<SchemaFault> check(const google::protobuf::Message& message);

/// "1 to 64 (default 16)", "one of read, write, both (default read)"; empty when anything goes.
std::string allowed(const google::protobuf::FieldDescriptor& field);

/// The word of `words` nearest to `word` (edit distance at most 3, or a prefix), or empty.
std::string nearest(const std::string& word, const std::vector<std::string>& words);

}  // namespace chaos
