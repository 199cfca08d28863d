#include "drill/drill_folders.hpp"
#include "lab/address_plan.hpp"
#include "launch/octet_claim.hpp"
#include "runtime/schema.hpp"
#include "serve/controller.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

constexpr int kUsage = 2;
constexpr int kNotFound = 4;   // as chaosctl's
constexpr int kNotNow = 5;     // another lab has what this one wants

int complain(const std::string& text, int code = kUsage) {
  std::fprintf(stderr, "chaos-controller: %s\n", text.c_str());
  return code;
}

std::string unknown_responder(const chaos::v1::Drill& drill, const std::string& name) {
  std::vector<std::string> names;
  std::string list;
  for (const auto& one : drill.responders()) {
    names.push_back(one.name());
    list += (list.empty() ? "" : ", ") + one.name();
  }
  const std::string near = chaos::nearest(name, names);
  return "drill " + drill.name() + " has no responder \"" + name + "\"" + (near.empty() ? "" : "; did you mean " + near + "?") +
         (list.empty() ? "; it has none" : "; it has " + list);
}

bool has_responder(const chaos::v1::Drill& drill, const std::string& name) {
  for (const auto& one : drill.responders()) {
    if (one.name() == name) return true;
  }
  return name.empty();
}

chaos::RunInfo run_info(const chaos::Controller::Parts& parts) {
  chaos::RunInfo info;
  info.drill = parts.drill.drill.name();
  info.responder = parts.options.responder;
  info.seed = parts.options.seed;
  info.speed = parts.options.speed;
  info.lab_file = parts.drill.text;
  info.plan = parts.drill.drill;
  info.start_lab_s = parts.drill.drill.start_lab_s();
  info.end_lab_s = parts.end_lab_s;
  info.start_unix_us = chaos::unix_us_now();
  return info;
}

// A drill in the foreground never outlives the command that started it.
bool parent_lives(int parent) {
  if (parent == 0) return true;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  return getppid() == parent;
}

using chaos::Answer;
using chaos::Refusal;

Refusal refused(const chaos::RecordError& error) { return {Refusal::Kind::invalid, error.text}; }

// The newest run of the record that no controller ended, with what it takes to go on with it; none: there is no such run.
Answer<std::optional<chaos::CutOffRun>> cut_off_run(chaos::Controller::Parts& parts) {
  const auto id = parts.record->unfinished();
  if (!id) return refused(id.error());
  if (id->empty()) return std::optional<chaos::CutOffRun>{};
  auto reader = chaos::RecordReader::open(parts.data->record());
  if (!reader) return refused(reader.error());
  auto data = (*reader)->load(*id);
  auto orders = (*reader)->orders(*id);
  const auto snapshot = (*reader)->snapshot(*id);
  if (!data) return refused(data.error());
  if (!orders) return refused(orders.error());
  if (!snapshot) return refused(snapshot.error());
  chaos::CutOffRun run;
  if (snapshot->empty() || !run.snapshot.ParseFromString(*snapshot)) return std::optional<chaos::CutOffRun>{};    // it had hardly begun
  run.data = std::move(*data);
  run.orders = std::move(*orders);
  return std::optional(std::move(run));
}

bool meant(const chaos::RunInfo& run, const chaos::Controller::Parts& parts) {
  const auto& options = parts.options;
  if (!options.drill_named) return true;
  return run.drill == parts.drill.drill.name() && run.seed == options.seed && run.responder == options.responder;
}

// The drill is the one that the run began with, whatever its file says by now.
void take_over(chaos::CutOffRun run, chaos::Controller::Parts& parts) {
  const chaos::RunInfo& info = run.data.info;
  parts.options.seed = info.seed;
  parts.options.responder = info.responder;
  parts.options.speed = run.snapshot.speed();
  parts.end_lab_s = info.end_lab_s;
  parts.drill.drill = info.plan;
  parts.drill.text = info.lab_file;
  parts.run = info.id;
  parts.cut_off = std::move(run);
}

// A run that is gone on with keeps its addresses where they are free: open sessions, bookmarks and scrape targets hold.
std::optional<chaos::OctetClaim> claim_addresses(chaos::Controller::Parts& parts) {
  if (parts.cut_off && parts.options.launch && parts.cut_off->snapshot.nodes_size() > 0) {
    parts.octet_before = chaos::second_octet(parts.cut_off->snapshot.nodes(0).address()).value_or(0);
  }
  if (parts.octet_before != 0 && parts.options.octet == 0) {
    if (auto same = chaos::OctetClaim::take(parts.octet_before)) return same;
  }
  return chaos::OctetClaim::take(parts.options.octet);
}

Answer<void> begin_run(chaos::Controller::Parts& parts) {
  auto writer = parts.cut_off ? parts.record->resume(parts.run) : parts.record->begin_run(run_info(parts));
  if (!writer) return refused(writer.error());
  parts.writer = std::move(*writer);
  parts.run = parts.writer->run();
  return boost::system::in_place_value;
}

// Opens the data directory and finds the run to go on with, where one is wanted.
Answer<void> open_record(chaos::Controller::Parts& parts) {
  auto data = chaos::DataDir::open(parts.options.data);
  if (!data) return data.error();
  parts.data = std::move(*data);
  auto record = chaos::Record::open(parts.data->record());
  if (!record) return refused(record.error());
  parts.record = std::move(*record);
  if (!parts.options.resume) return boost::system::in_place_value;
  auto run = cut_off_run(parts);
  if (!run) return run.error();
  if (*run && meant((*run)->data.info, parts)) take_over(std::move(**run), parts);
  else if (!parts.options.drill_named) return Refusal{Refusal::Kind::not_found, "no run was cut off in this record: nothing to resume"};
  return boost::system::in_place_value;
}

int exit_code_of(Refusal::Kind kind) {
  if (kind == Refusal::Kind::not_now) return kNotNow;
  return kind == Refusal::Kind::not_found ? kNotFound : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  setenv("GRPC_VERBOSITY", "NONE", 0);     // what it says is in the statuses too
  int exit_code = 0;
  auto options = chaos::parse_controller_options(argc, argv, exit_code);
  if (!options) return exit_code;
  if (!parent_lives(options->parent)) return 1;
  auto drill = chaos::load_drill(options->drill, chaos::drill_folders());
  if (!drill.file) {
    for (const auto& fault : drill.faults) std::fprintf(stderr, "chaos-controller: %s\n", fault.to_string().c_str());
    return 2;
  }
  chaos::Controller::Parts parts;
  parts.options = std::move(*options);
  parts.drill = std::move(*drill.file);
  const auto end = chaos::end_of_run(parts.options.until_lab, parts.drill.drill.start_lab_s(), parts.drill.drill.length_lab_s());
  if (!end) return complain("--until-lab: \"" + parts.options.until_lab + "\" is no lab time: HH:MM");
  parts.end_lab_s = *end;
  if (!has_responder(parts.drill.drill, parts.options.responder)) return complain(unknown_responder(parts.drill.drill, parts.options.responder));
  if (const auto opened = open_record(parts); !opened) return complain(opened.error().text, exit_code_of(opened.error().kind));
  const auto claim = claim_addresses(parts);
  if (!claim) return complain(parts.options.octet ? fmt::format("127.{}.x.y belongs to another lab; another: --octet N", parts.options.octet) : "every range from 127.42 to 127.99 belongs to another lab", kNotNow);
  parts.options.octet = claim->octet();
  if (const auto begun = begin_run(parts); !begun) return complain(begun.error().text, exit_code_of(begun.error().kind));
  chaos::Controller controller(std::move(parts));
  return controller.run();
}
