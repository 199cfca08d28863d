// The catalogue of faults, read from the descriptors of fault.proto: for flags, lists and docs.
#pragma once

#include "chaoslab/v1/fault.pb.h"
#include "chaoslab/v1/options.pb.h"

#include <map>
#include <string>
#include <vector>

namespace chaos::cli {

struct FaultFlag {
  const google::protobuf::FieldDescriptor* field;
  std::string flag;       // "--mb-per-lab-hour"
  std::string help;       // sentence, range and default
};

struct FaultKind {
  std::string name;       // "memory_leak"
  const google::protobuf::FieldDescriptor* field;   // of Fault.kind
  v1::FaultMeta meta;
  std::vector<FaultFlag> flags;    // its own
};

std::vector<FaultKind> fault_kinds();
/// Of those that stay: what is injected by hand is over on a node whose process ends.
bool ends_with_process(const FaultKind& kind);
/// Those that every fault takes: probability, ramp, duration, seed, share.
std::vector<FaultFlag> common_flags();
std::string seam_word(v1::Seam seam);

/// "server-2", "server" or "server-2->postgres". Role names are the ten roles. Throws Failure(kUsage) on others' form.
v1::FaultTarget parse_target(const std::string& text);

/// A fault from its kind, target and flag texts by field name. Throws Failure(kUsage) naming every wrong flag.
v1::Fault make_fault(const FaultKind& kind, const std::string& target, const std::map<std::string, std::string>& values);

/// The whole catalogue as Markdown (docs/faults.md).
std::string catalogue_markdown();

}  // namespace chaos::cli
