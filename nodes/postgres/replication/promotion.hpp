// Who is primary: what a database node starts as, from what is wanted of it and from what it finds in its data. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace chaos::pg {

/// What a node finds in its data directory.
enum class DataKind { none, standby, primary };

/// What it does with it. start_fresh: a new database; serve: it is a primary's; promote: a standby's becomes a primary's; follow: it
/// is a standby's, or one is to be copied; rejoin: what it has was written by a primary that is none any more, and a new copy
/// takes its place.
enum class StartAs { start_fresh, serve, promote, follow, rejoin };

struct StartFacts {
  bool primary_by_role = false;     // of role postgres
  std::string name;
  std::string primary;              // that the controller names; empty: the node of role postgres
  std::string term;                 // primary_term() of now
  DataKind data = DataKind::none;
  std::string promoted_in;          // term in which the data were promoted; empty: never
};

/// A promotion by hand (pg_promote) holds, also over a restart, until the controller names a primary anew: a later term. A node
/// without data cannot become the primary by being named, but for one of role postgres, which then begins with a new database.
StartAs start_as(const StartFacts& facts);

/// Names the controller's word on who is primary: the run, and how often it has named another one in it.
std::string primary_term(const std::string& run, std::uint64_t count);

}  // namespace chaos::pg
