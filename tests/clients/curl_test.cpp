// curl through the whole path of a lab under load.
#include "support/compat.hpp"
#include "support/gauge.hpp"

#include <gtest/gtest.h>

namespace chaos::test {
namespace {

TEST(Curl, AsksTheWholePathAndTheEdgesTellTheirShare) {
  compat("Clients", "curl", "curl -i through cdn, lb and server: Via, X-Cache and the answer");
  Lab lab(test_drill("steady"), "--speed 60");
  ASSERT_TRUE(lab.up());
  const std::string item = "http://" + lab.address("cdn-1") + ":8080/items/1";
  ASSERT_TRUE(eventually([&] { return sh("curl -s -o /dev/null -w '%{http_code}' " + item).out == "200"; }));
  const std::string answer = sh("curl -si " + item).out;
  EXPECT_NE(answer.find("HTTP/1.1 200"), std::string::npos) << answer;
  EXPECT_NE(answer.find("X-Cache: "), std::string::npos) << answer;
  EXPECT_NE(answer.find("\"id\":1"), std::string::npos) << answer;
}

}  // namespace
}  // namespace chaos::test
