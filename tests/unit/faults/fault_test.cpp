#include "chaoslab/v1/options.pb.h"
#include "faults/fault_set.hpp"
#include "runtime/memory.hpp"
#include "runtime/sleep.hpp"
#include "support/test_node.hpp"

namespace chaos {

namespace faults {
FaultEntry latency_fault();
FaultEntry blackhole_fault();
FaultEntry error_fault();
FaultEntry memory_leak_fault();
FaultEntry pause_fault();
FaultEntry crash_fault();
}  // namespace faults

namespace {

using namespace std::chrono_literals;
using test::TestNode;

TEST(Envelope, RisesOverItsRampAndEndsWithItsDuration) {
  v1::Fault fault;
  fault.set_start_lab_us(LabTime::from_seconds(100).us);
  fault.set_ramp_lab_s(10);
  fault.set_duration_lab_s(60);
  const Envelope envelope(fault);
  EXPECT_EQ(envelope.level(LabTime::from_seconds(99)), 0);
  EXPECT_EQ(envelope.level(LabTime::from_seconds(105)), 0.5);
  EXPECT_EQ(envelope.level(LabTime::from_seconds(150)), 1);
  EXPECT_EQ(envelope.level(LabTime::from_seconds(160)), 0);
  EXPECT_TRUE(envelope.over(LabTime::from_seconds(160)));
}

class Faults : public testing::Test {
 protected:
  Faults()
      : node("server"),
        set({faults::latency_fault(), faults::blackhole_fault(), faults::error_fault(), faults::memory_leak_fault(), faults::pause_fault(), faults::crash_fault()}),
        host{node.ctx, [this](const std::string& id, RealTime) { blocked.push_back(id); }} {
    set.attach(host);
    node.clock.set_anchor({RealClock::now(), LabTime::from_seconds(1000), 60});
  }

  v1::Fault& add(const std::string& id) {
    v1::Fault& fault = *wanted.Add();
    fault.set_id(id);
    fault.set_probability(1);
    fault.set_seed(1);
    return fault;
  }
  bool apply() {
    std::string why;
    const bool ok = set.apply(wanted, &why).has_value();
    EXPECT_EQ(ok, why.empty()) << why;
    return ok;
  }
  void pass(RealDuration d) {
    test::run(node.io, sleep_real(d));
    set.tick();
  }

  TestNode node;
  FaultSet set;
  FaultHost host;
  google::protobuf::RepeatedPtrField<v1::Fault> wanted;
  std::vector<std::string> blocked;
};

TEST_F(Faults, LatencyBendsTheEdgeItNamesAndNoOther) {
  v1::Fault& fault = add("f1");
  fault.mutable_target()->set_edge_to("postgres");
  fault.mutable_latency()->set_delay_ms(40);
  fault.mutable_latency()->set_direction("read");
  ASSERT_TRUE(apply());
  const EdgeId hit{"postgres", "postgres-1", true};
  EXPECT_EQ(set.edge(hit, Direction::read, 10).delay, 40ms);
  EXPECT_EQ(set.edge(hit, Direction::write, 10).delay, 0ms);
  EXPECT_EQ(set.edge({"redis", "redis-1", true}, Direction::read, 10).delay, 0ms);
  EXPECT_EQ(set.edge({"", "", false}, Direction::read, 10).delay, 0ms);
  wanted.Clear();
  ASSERT_TRUE(apply());
  EXPECT_EQ(set.edge(hit, Direction::read, 10).delay, 0ms);
}

TEST_F(Faults, ABlackholeOnTheNodeHoldsWhatComesIn) {
  add("f1").mutable_blackhole();
  ASSERT_TRUE(apply());
  EXPECT_TRUE(set.edge({"", "", false}, Direction::read, 10).hold);
  EXPECT_FALSE(set.edge({"redis", "redis-1", true}, Direction::read, 10).hold);
}

TEST_F(Faults, ErrorStrikesWithItsProbabilityAndCountsItsBites) {
  v1::Fault& fault = add("f1");
  fault.set_probability(0.25);
  fault.mutable_error()->set_status(503);
  ASSERT_TRUE(apply());
  int hits = 0;
  for (int i = 0; i < 4000; ++i) hits += set.call("GET").status.has_value();
  EXPECT_NEAR(hits, 1000, 100);
  google::protobuf::RepeatedPtrField<v1::FaultEvidence> evidence;
  set.evidence(&evidence);
  ASSERT_EQ(evidence.size(), 1);
  EXPECT_EQ(evidence[0].bites(), static_cast<std::uint64_t>(hits));
}

TEST_F(Faults, ALeakGrowsResidentMemoryAndClearingGivesItBack) {
  const double before = static_cast<double>(resident_bytes());
  add("f1").mutable_memory_leak()->set_mb_per_lab_hour(60 * 1000);   // 1 GB a lab minute: 1 MB a real ms at speed 60
  ASSERT_TRUE(apply());
  while (static_cast<double>(resident_bytes()) < before + 30e6) pass(5ms);
  wanted.Clear();
  ASSERT_TRUE(apply());
  const RealTime give_up = RealClock::now() + 5s;
  while (static_cast<double>(resident_bytes()) > before + 15e6 && RealClock::now() < give_up) pass(5ms);
  EXPECT_LT(static_cast<double>(resident_bytes()), before + 15e6);
}

TEST_F(Faults, EvidenceCountsOnlyWhatWasChanged) {
  v1::Fault& fault = add("f1");
  fault.mutable_target()->set_edge_to("postgres");
  fault.mutable_latency()->set_delay_ms(40);
  fault.mutable_latency()->set_direction("read");
  ASSERT_TRUE(apply());
  const EdgeId hit{"postgres", "postgres-1", true};
  set.edge(hit, Direction::write, 0);      // a connection attempt
  set.edge(hit, Direction::write, 10);
  set.edge(hit, Direction::read, 10);
  google::protobuf::RepeatedPtrField<v1::FaultEvidence> evidence;
  set.evidence(&evidence);
  ASSERT_EQ(evidence.size(), 1);
  EXPECT_EQ(evidence[0].bites(), 1u);
}

TEST_F(Faults, PauseBlocksTheDataThreadByItsId) {
  add("p7").mutable_pause();
  ASSERT_TRUE(apply());
  pass(50ms);
  EXPECT_EQ(blocked, std::vector<std::string>{"p7"});
}

TEST_F(Faults, WhatStrikesOnceStrikesAtTheEndOfItsRamp) {
  v1::Fault& fault = add("p8");
  fault.set_start_lab_us(node.clock.lab_now().us);
  fault.set_ramp_lab_s(6);           // 100 ms at speed 60
  fault.mutable_pause();
  ASSERT_TRUE(apply());
  pass(20ms);
  EXPECT_TRUE(blocked.empty());
  pass(200ms);
  EXPECT_EQ(blocked, std::vector<std::string>{"p8"});
}

TEST_F(Faults, AFaultWhoseDurationIsOverIsGoneAndNotStartedAnew) {
  v1::Fault& fault = add("f1");
  fault.set_start_lab_us(node.clock.lab_now().us);
  fault.set_duration_lab_s(0.6);     // 10 ms at speed 60
  fault.mutable_error()->set_status(500);
  ASSERT_TRUE(apply());
  EXPECT_TRUE(set.call("GET").status.has_value());
  pass(30ms);
  ASSERT_TRUE(apply());
  EXPECT_FALSE(set.call("GET").status.has_value());
}

TEST_F(Faults, AnUnknownFaultIsRefusedAndNothingChanges) {
  add("f1").mutable_error()->set_status(500);
  ASSERT_TRUE(apply());
  add("f2").mutable_flush();
  std::string why;
  EXPECT_FALSE(set.apply(wanted, &why));
  EXPECT_EQ(why, "role server has no fault \"flush\"");
  EXPECT_TRUE(set.call("GET").status.has_value());
}

TEST(FaultCatalogue, EachFaultOfTheProtoSaysWhatItIs) {
  const auto* oneof = v1::Fault::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < oneof->field_count(); ++i) {
    const auto& meta = oneof->field(i)->message_type()->options().GetExtension(v1::fault);
    EXPECT_NE(meta.seam(), v1::SEAM_UNSPECIFIED) << oneof->field(i)->name();
    EXPECT_FALSE(meta.summary().empty() || meta.cause().empty() || meta.looks_like().empty() || meta.cure().empty()) << oneof->field(i)->name();
  }
}

}  // namespace
}  // namespace chaos
