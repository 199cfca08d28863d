// The faults in force: who carries which, and when one is over. Pure.
#pragma once

#include "lab/fault_rules.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chaos {

struct BookedFault {
  v1::Fault fault;                          // whole: id, seed, start
  std::vector<std::string> nodes;           // that it is aimed at
  std::set<std::string> done;               // of these, where it is over
  std::map<std::string, std::uint64_t> bites;       // of processes that live
  std::uint64_t bites_before = 0;                   // of processes that ended
  std::string origin;                       // operator, drill
  bool hidden = false;                      // only the game master sees it before the reveal

  std::uint64_t bites_total() const;
  /// It is over because each process that carried it ended, not by its duration, its one bite or a person.
  bool ended_with_process(LabTime now) const;
};

struct Injection {
  v1::Fault fault;
  std::string origin;
  bool hidden = false;
  LabTime now;
  PrimaryWord primary;                      // decides who calls whom among the databases
};

class FaultBook {
 public:
  explicit FaultBook(std::uint64_t run_seed) : run_seed_(run_seed) {}

  /// Applies presets, checks, gives id ("f1", ...), seed and start. The booked fault stays valid until it is over.
  Answer<const BookedFault*> inject(Injection injection, const Registry& registry);
  /// Refuses an unknown id with the nearest; hidden ones count as unknown unless `see_hidden`.
  Answer<void> clear(const std::string& id, bool see_hidden);
  std::vector<std::string> clear_all(bool see_hidden);

  /// As a book before was: what all() gave, the number of the next id, and lost_data().
  void restore(std::vector<BookedFault> faults, std::uint64_t next_id, bool lost_data);
  std::uint64_t next_id() const { return next_id_; }

  /// What a report says of the faults on a node. True when that ended one there.
  bool evidence(const NodeEntry& node, const v1::Report& report);
  /// The node's process is gone. True when that ended a fault there.
  bool process_ended(const std::string& node);
  /// Drops the faults whose duration is over or that are done everywhere; gives them for the record.
  std::vector<BookedFault> sweep(LabTime now);

  /// A node carries a fault while it is to serve, the fault is not done there, and, where the fault is in the code,
  /// it runs that version.
  bool carries(const BookedFault& booked, const NodeEntry& node) const;
  std::vector<v1::Fault> carried_by(const NodeEntry& node) const;
  std::vector<std::string> carriers(const BookedFault& booked, const Registry& registry) const;
  const BookedFault* find(const std::string& id) const;
  const std::vector<BookedFault>& all() const { return faults_; }
  /// A fault whose documented effect is the loss of acknowledged data has bitten in this run.
  bool lost_data() const { return lost_data_; }

 private:
  std::uint64_t run_seed_;
  std::uint64_t next_id_ = 1;
  bool lost_data_ = false;
  std::vector<BookedFault> faults_;
};

}  // namespace chaos
