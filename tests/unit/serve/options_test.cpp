#include "serve/options.hpp"

#include <gtest/gtest.h>

namespace chaos {
namespace {

TEST(EndOfRun, IsTheDrillsLengthOrTheNextSuchTime) {
  EXPECT_EQ(end_of_run("", 3600, 86'400), 90'000);
  EXPECT_EQ(end_of_run("17:30", 3600, 86'400), 63'000);
  EXPECT_EQ(end_of_run("00:30", 3600, 86'400), 86'400 + 1800);
  EXPECT_EQ(end_of_run("01:00", 3600, 86'400), 86'400 + 3600);
}

TEST(EndOfRun, RefusesWhatIsNoTime) {
  for (const char* text : {"17", "17:3", "25:00", "17:60", "17:30x", ":30", "-1:00"}) EXPECT_FALSE(end_of_run(text, 0, 60)) << text;
}

std::optional<ControllerOptions> parse(std::vector<std::string> words, int& exit_code) {
  words.insert(words.begin(), "chaos-controller");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return parse_controller_options(static_cast<int>(argv.size()), argv.data(), exit_code);
}

TEST(Options, LinksAreWebAddresses) {
  int code = 0;
  const auto options = parse({"--grafana", "http://127.0.0.1:3000/", "--prometheus", "https://metrics.example/p", "--alertmanager", ""}, code);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->grafana, "http://127.0.0.1:3000");
  EXPECT_EQ(options->prometheus, "https://metrics.example/p");
  EXPECT_EQ(options->alertmanager, "");
  EXPECT_FALSE(parse({"--grafana", "javascript:alert(1)"}, code));
  EXPECT_EQ(code, 2);
}

}  // namespace
}  // namespace chaos
