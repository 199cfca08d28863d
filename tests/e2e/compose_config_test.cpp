// Both generations of compose read the files; neither needs an engine for it.
#include "support/needs.hpp"

#include <fstream>

namespace chaos::test {
namespace {

const std::string kSource = CHAOSLAB_SOURCE_DIR;

Output config(const std::string& program, const std::string& file) { return sh(program + " -f " + file + " config -q", 60); }

/// A compose file with a key that does not exist: who takes it checks nothing.
std::string misspelt(const TempDir& dir) {
  const std::string file = dir.path() / "compose.yaml";
  std::ofstream(file) << "services:\n  server:\n    image: chaoslab\n    mem_limits: 96000000\n";
  return file;
}

void expect_reads_both_files(const std::string& program) {
  for (const std::string file : {"/compose/compose.yaml", "/compose/stack.yaml"}) {
    const Output read = config(program, kSource + file);
    EXPECT_EQ(read.exit, 0) << file << ": " << read.out;
  }
  const TempDir dir;
  const Output refused = config(program, misspelt(dir));
  EXPECT_NE(refused.exit, 0);
  EXPECT_NE(refused.out.find("mem_limits"), std::string::npos) << refused.out;
}

TEST(ComposeConfig, ComposeV2ReadsTheFiles) {
  const Output plugin = sh(kSource + "/tools/compose-v2.sh | tail -1 | tr -d '\\n'", 120);
  CHAOS_NEEDS(plugin.exit == 0 && has_program(plugin.out), "Compose v2 cannot be had here: " << plugin.out);
  EXPECT_NE(sh(plugin.out + " version").out.find("Docker Compose version 2."), std::string::npos);
  expect_reads_both_files(plugin.out);
}

TEST(ComposeConfig, DockerComposeOneReadsTheFiles) {
  const Output version = sh("docker-compose --version");
  CHAOS_NEEDS(version.exit == 0 && version.out.find("version 1.") != std::string::npos, "no docker-compose 1.29 here (tools/setup.sh docker brings it)");
  expect_reads_both_files("docker-compose");
}

}  // namespace
}  // namespace chaos::test
