// Where and when a version ran, by the events of the record. Pure; lab time in seconds.
#pragma once

#include "record/run_data.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chaos::record {

/// What holds from lab_s on.
struct VersionUse {
  double lab_s = 0;
  bool runs = false;     // a process of the target runs the version
  bool comes = false;    // the role's next process would run it
};

/// By what the nodes said of themselves ("is ready (v2)"). A record in which the target's nodes say nothing: by the
/// plan and the role's deployments and rollbacks, which count as finished when they say so. A role whose version nobody
/// tells is taken to run any. The first entry is the run's start; what comes after the run's close is not looked at.
std::vector<VersionUse> uses_of(const RunData& data, const v1::FaultTarget& target, const std::string& version);

/// When, at `from` or later, a process first ran it.
std::optional<double> first_use(const std::vector<VersionUse>& uses, double from);

/// Since when, at `from` or later, no process ran it for good, and none to come would.
std::optional<double> end_of_use(const std::vector<VersionUse>& uses, double from);

struct VersionChange { std::string role; std::string version; };
/// What a rollback or a deployment that begins says: "server goes to version v1, one by one".
std::optional<VersionChange> version_change(const v1::Event& event);
/// Whether the event is the end of a rollback of this role: "rollback of server to v1 is done".
bool is_rollback_done(const v1::Event& event, const std::string& role);

/// "server" of a target that is server-2, the role server or a share of it.
std::string role_of(const v1::FaultTarget& target);

}  // namespace chaos::record
