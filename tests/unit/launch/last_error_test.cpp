#include "launch/last_error.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

const std::string kBooting = R"({"level":"info","node":"postgres-1","event":"booting"})";
const std::string kKey = R"({"level":"error","node":"postgres-1","event":"database_failed","sqlstate":"F0000","message":"private key file has group access"})";
const std::string kStart = R"({"level":"error","node":"postgres-1","event":"start_failed","error":"address already in use"})";

TEST(LastError, IsWhatTheRoleSaidNotThatItsStartFailed) { EXPECT_EQ(last_error({kBooting, kKey, kStart}), "private key file has group access"); }

TEST(LastError, IsTheFailedStartWhereNothingElseWasSaid) {
  EXPECT_EQ(last_error({kBooting, kStart}), "address already in use");
  EXPECT_EQ(last_error({kKey, kBooting, kStart}), "address already in use") << "the error before is of another start";
  EXPECT_EQ(last_error({kStart, kStart}), "address already in use");
}

TEST(LastError, NamesTheAddressThatCouldNotBeHad) {
  EXPECT_EQ(last_error({R"({"level":"error","event":"listen_failed","what":"metrics","address":"127.42.60.1","port":9100,"error":"Address already in use"})"}),
            "127.42.60.1:9100: Address already in use");
}

TEST(LastError, IsAComplaintAsItStands) {
  EXPECT_EQ(last_error({kKey, "chaos-node: data: Permission denied"}), "chaos-node: data: Permission denied");
  EXPECT_EQ(last_error({"terminate called", kBooting}), "terminate called");
}

TEST(LastError, IsTheEventOfALineWithoutText) { EXPECT_EQ(last_error({R"({"level":"error","event":"out_of_memory","limit_bytes":5})"}), "out_of_memory"); }

TEST(LastError, NoneWhereNothingFailed) {
  EXPECT_EQ(last_error({}), "");
  EXPECT_EQ(last_error({kBooting, ""}), "");
}

}  // namespace
}  // namespace chaos
