// Who is primary, and which logs belong together.
#include "postgres/replication/promotion.hpp"
#include "postgres/replication/replication_command.hpp"
#include "postgres/state/timeline.hpp"

#include <gtest/gtest.h>

namespace chaos::pg {
namespace {

StartAs start(bool postgres, DataKind data, const std::string& primary, const std::string& promoted_in = {}) {
  const std::string name = postgres ? "postgres-1" : "replica-1";
  return start_as({postgres, name, primary, "r1/1", data, promoted_in});
}

TEST(StartAs, WithoutAWordOfTheControllerTheRoleAndTheDataDecide) {
  EXPECT_EQ(start(true, DataKind::none, ""), StartAs::start_fresh);
  EXPECT_EQ(start(true, DataKind::primary, ""), StartAs::serve);
  EXPECT_EQ(start(false, DataKind::none, ""), StartAs::follow);
  EXPECT_EQ(start(false, DataKind::standby, ""), StartAs::follow);
  EXPECT_EQ(start(true, DataKind::standby, ""), StartAs::promote) << "of a run in which another one was the primary";
}

TEST(StartAs, TheNamedOneBecomesThePrimaryAndOthersFollowIt) {
  EXPECT_EQ(start(false, DataKind::standby, "replica-1"), StartAs::promote);
  EXPECT_EQ(start(false, DataKind::primary, "replica-1", "r1/1"), StartAs::serve);
  EXPECT_EQ(start(false, DataKind::none, "replica-1"), StartAs::follow) << "nothing to promote: no new database in its place";
  EXPECT_EQ(start(true, DataKind::primary, "replica-1"), StartAs::rejoin);
  EXPECT_EQ(start(true, DataKind::none, "replica-1"), StartAs::follow);
  EXPECT_EQ(start(true, DataKind::standby, "postgres-1"), StartAs::promote) << "and back";
}

TEST(StartAs, APromotionByHandHoldsUntilTheControllerNamesAPrimaryAnew) {
  EXPECT_EQ(start(false, DataKind::primary, "postgres-1", "r1/1"), StartAs::serve);
  EXPECT_EQ(start(false, DataKind::primary, "postgres-1", "r1/0"), StartAs::rejoin);
  EXPECT_EQ(start(false, DataKind::primary, "", "r0/1"), StartAs::rejoin) << "of another run";
  EXPECT_EQ(primary_term("r1", 1), "r1/1");
}

TEST(Timeline, ALogFitsUpToWhereItsTimelineWasLeft) {
  const std::vector<TimelineEnd> history{{1, 100}, {2, 300}};
  EXPECT_TRUE(in_history(history, 3, 3, 9999));
  EXPECT_TRUE(in_history(history, 3, 1, 100));
  EXPECT_FALSE(in_history(history, 3, 1, 101)) << "it wrote what the new primary never had";
  EXPECT_TRUE(in_history(history, 3, 2, 300));
  EXPECT_FALSE(in_history(history, 3, 4, 1));
  EXPECT_EQ(left_at(history, 2), 300u);
  EXPECT_FALSE(left_at(history, 3));
}

TEST(Timeline, HistoryFilesThereAndBack) {
  const std::vector<TimelineEnd> history{{1, 0x1000050}, {2, 0x100000000}};
  EXPECT_EQ(history_name(2), "00000002.history");
  EXPECT_EQ(write_history({{1, 0x1000050}}), "1\t0/1000050\tno recovery target specified\n");
  EXPECT_EQ(read_history(write_history(history)), history);
  EXPECT_EQ(read_history("# a remark\n\n1\tno position\n-1\t0/1\n2\t0/20"), (std::vector<TimelineEnd>{{2, 0x20}}));
}

TEST(ReplicationCommand, NamesATimeline) {
  ReplicationCommand command;
  ServerError error;
  ASSERT_TRUE(parse_replication_command("START_REPLICATION PHYSICAL 0/1000000 TIMELINE 3", command, error));
  EXPECT_EQ(command.timeline, 3);
  ASSERT_TRUE(parse_replication_command("START_REPLICATION 0/1000000", command, error));
  EXPECT_EQ(command.timeline, 0);
  EXPECT_FALSE(parse_replication_command("START_REPLICATION 0/1000000 TIMELINE x", command, error));
  ASSERT_TRUE(parse_replication_command("TIMELINE_HISTORY 2", command, error));
  EXPECT_EQ(command.kind, ReplicationCommand::Kind::timeline_history);
  EXPECT_FALSE(parse_replication_command("TIMELINE_HISTORY 0", command, error));
}

}  // namespace
}  // namespace chaos::pg
