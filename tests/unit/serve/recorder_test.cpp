// What a controller leaves to its successor.
#include "serve/recorder.hpp"

#include "record/record.hpp"
#include "support/process.hpp"
#include "unit/serve/lab_service_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace chaos {
namespace {

TEST(Recorder, WhatIsSealedStays) {
  const test::TempDir dir;
  ControllerHost host{dir.path()};
  LabModel model{RunSettings{test::service_drill(), "", 1, 60, 86'400}, host.clock};
  const auto file = dir.path() / "record.db";
  auto record = Record::open(file);
  ASSERT_TRUE(record);
  auto writer = (*record)->begin_run({});
  ASSERT_TRUE(writer);
  const std::string run = (*writer)->run();
  Recorder recorder(model, std::move(*writer), host.log);
  const auto kept = [&] {
    v1::Snapshot saved;
    saved.ParseFromString(*(*RecordReader::open(file))->snapshot(run));
    return saved.lab_s();
  };
  v1::Snapshot snapshot;
  snapshot.set_lab_s(1);
  recorder.keep(snapshot);
  recorder.flush();
  EXPECT_EQ(kept(), 1);
  snapshot.set_lab_s(2);
  recorder.seal(snapshot);
  EXPECT_EQ(kept(), 2) << "at once";
  snapshot.set_lab_s(3);
  recorder.keep(snapshot);
  recorder.flush();
  EXPECT_EQ(kept(), 2);
}

}  // namespace
}  // namespace chaos
