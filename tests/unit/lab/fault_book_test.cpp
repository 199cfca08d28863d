#include "lab/fault_book.hpp"

#include "unit/lab/lab_fixture.hpp"

namespace chaos {
namespace {

using test::SmallLab;

struct FaultBookTest : ::testing::Test {
  SmallLab lab;
  FaultBook book{7};
  LabTime now = LabTime::from_seconds(1000);

  FaultBookTest() { lab.all_up(); }
  static v1::Fault leak(const std::string& role) {
    v1::Fault fault;
    fault.mutable_target()->set_role(role);
    fault.mutable_memory_leak();
    return fault;
  }
  Answer<const BookedFault*> inject(v1::Fault fault, bool hidden = false) { return book.inject({std::move(fault), "operator", hidden, now}, lab.registry); }
  std::string refusal(v1::Fault fault) {
    const auto answer = inject(std::move(fault));
    return answer ? "" : answer.error().text;
  }
  void evidence(const std::string& node, const std::string& id, std::uint64_t bites) {
    v1::Report report;
    auto& one = *report.add_evidence();
    one.set_id(id);
    one.set_bites(bites);
    book.evidence(lab.node(node), report);
  }
};

TEST_F(FaultBookTest, MakesAFaultWhole) {
  const auto booked = inject(leak("server"));
  ASSERT_TRUE(booked);
  const v1::Fault& fault = (*booked)->fault;
  EXPECT_EQ(fault.id(), "f1");
  EXPECT_NE(fault.seed(), 0u);
  EXPECT_EQ(fault.start_lab_us(), now.us);
  EXPECT_EQ(fault.probability(), 1);
  EXPECT_EQ(fault.memory_leak().mb_per_lab_hour(), 60);
}

TEST_F(FaultBookTest, OnlyServingNodesCarryIt) {
  v1::Fault slow;
  slow.mutable_target()->set_role("server");
  slow.mutable_latency();
  const auto booked = inject(slow);
  EXPECT_EQ(book.carriers(**booked, lab.registry), (std::vector<std::string>{"server-1", "server-2", "server-3"}));
  lab.node("server-4").duty = v1::DUTY_ACTIVE;
  EXPECT_EQ(book.carriers(**booked, lab.registry).size(), 4u);
  EXPECT_EQ(book.carried_by(lab.node("redis-1")).size(), 0u);
}

TEST_F(FaultBookTest, AShareIsDrawnBySeedAndRoundedUp) {
  v1::Fault fault = leak("server");
  fault.mutable_target()->set_share(0.5);
  fault.set_seed(11);
  const auto first = inject(fault);
  ASSERT_EQ((*first)->nodes.size(), 2u);
  const auto nodes = (*first)->nodes;
  EXPECT_EQ((*inject(fault))->nodes, nodes);
}

TEST_F(FaultBookTest, AFaultInTheCodeStaysWithItsVersion) {
  v1::Fault fault = leak("server");
  fault.set_in_version("v2");
  const auto booked = inject(fault);
  EXPECT_TRUE(book.carriers(**booked, lab.registry).empty());
  lab.node("server-2").version = "v2";
  EXPECT_EQ(book.carriers(**booked, lab.registry), (std::vector<std::string>{"server-2"}));
  book.process_ended("server-2");
  EXPECT_TRUE(book.carries(**booked, lab.node("server-2")));
}

TEST_F(FaultBookTest, AFaultOfAProcessEndsWithItOneOfTheNetworkDoesNot) {
  inject(leak("server"));
  v1::Fault latency;
  latency.mutable_target()->set_node("server-1");
  latency.mutable_target()->set_edge_to("redis");
  latency.mutable_latency();
  inject(latency);
  EXPECT_TRUE(book.process_ended("server-1"));
  const auto left = book.carried_by(lab.node("server-1"));
  ASSERT_EQ(left.size(), 1u);
  EXPECT_TRUE(left[0].has_latency());
}

TEST_F(FaultBookTest, AOneShotIsOverWhenItHasBitten) {
  v1::Fault flush;
  flush.mutable_target()->set_node("redis-1");
  flush.mutable_flush();
  inject(flush);
  evidence("redis-1", "f1", 0);
  EXPECT_TRUE(book.sweep(now).empty());
  evidence("redis-1", "f1", 1);
  ASSERT_EQ(book.sweep(now).size(), 1u);
  EXPECT_TRUE(book.all().empty());
}

TEST_F(FaultBookTest, KnowsThatAProcessTookItsFaultAlong) {
  v1::Fault fault = leak("server");
  fault.mutable_target()->clear_role();
  fault.mutable_target()->set_node("server-1");
  fault.set_duration_lab_s(60);
  inject(fault);
  inject(fault);
  book.process_ended("server-1");
  const auto over = book.sweep(now);
  ASSERT_EQ(over.size(), 2u);
  EXPECT_TRUE(over[0].ended_with_process(now));
  inject(fault);
  const auto expired = book.sweep(now + LabDuration::from_seconds(60));
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_FALSE(expired[0].ended_with_process(now + LabDuration::from_seconds(60)));
}

TEST_F(FaultBookTest, ACrashIsOverWhenTheProcessDied) {
  v1::Fault crash;
  crash.mutable_target()->set_node("server-1");
  crash.mutable_crash();
  inject(crash);
  book.process_ended("server-1");
  const auto over = book.sweep(now);
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].bites_total(), 1u);
  EXPECT_FALSE(over[0].ended_with_process(now)) << "it is what ended the process";
}

TEST_F(FaultBookTest, EndsAfterItsDuration) {
  v1::Fault fault = leak("server");
  fault.set_duration_lab_s(60);
  inject(fault);
  EXPECT_TRUE(book.sweep(now + LabDuration::from_seconds(59)).empty());
  EXPECT_EQ(book.sweep(now + LabDuration::from_seconds(60)).size(), 1u);
}

TEST_F(FaultBookTest, HiddenOnesAreUnknownToTheOperator) {
  inject(leak("server"), true);
  inject(leak("redis"));
  EXPECT_FALSE(book.clear("f1", false));
  EXPECT_EQ(book.clear_all(false), (std::vector<std::string>{"f2"}));
  EXPECT_TRUE(book.clear("f1", true));
}

TEST_F(FaultBookTest, RefusesAnEdgeThatNobodyDials) {
  v1::Fault back;
  back.mutable_target()->set_role("server");
  back.mutable_target()->set_edge_to("client-1");
  back.mutable_latency();
  EXPECT_NE(refusal(back).find("server does not call client; the edges of server are server->redis"), std::string::npos) << refusal(back);
  back.mutable_target()->set_role("redis");
  EXPECT_NE(refusal(back).find("redis calls no one"), std::string::npos) << refusal(back);
  back.mutable_target()->set_role("client");
  back.mutable_target()->clear_edge_to();
  EXPECT_NE(refusal(back).find("no one calls client"), std::string::npos) << refusal(back);
  back.mutable_target()->set_role("redis");
  EXPECT_TRUE(inject(back));         // what comes in
}

TEST_F(FaultBookTest, AStandbyCarriesNothingButAFaultInTheCode) {
  v1::Fault fault;
  fault.mutable_crash();
  fault.mutable_target()->set_node("server-4");
  const auto answer = check_serves(fault, lab.registry);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Refusal::Kind::not_now);
  EXPECT_NE(answer.error().text.find("server-4 is standby"), std::string::npos) << answer.error().text;
  fault.set_in_version("v2");
  EXPECT_TRUE(check_serves(fault, lab.registry));
}

TEST_F(FaultBookTest, ACrashOfARoleIsOverWithoutItsStandbys) {
  v1::Fault crash;
  crash.mutable_target()->set_role("server");
  crash.mutable_crash();
  ASSERT_TRUE(check_serves(crash, lab.registry));
  EXPECT_EQ((*inject(crash))->nodes, (std::vector<std::string>{"server-1", "server-2", "server-3"}));
  for (const char* node : {"server-1", "server-2", "server-3"}) book.process_ended(node);
  EXPECT_EQ(book.sweep(now).size(), 1u);
}

TEST_F(FaultBookTest, ALeakByHandIsOverWhenEveryProcessThatHadItIsGone) {
  EXPECT_EQ((*inject(leak("server")))->nodes, (std::vector<std::string>{"server-1", "server-2", "server-3"})) << "not the spare";
  for (const char* node : {"server-1", "server-2", "server-3"}) book.process_ended(node);
  EXPECT_EQ(book.sweep(now).size(), 1u);
}

TEST_F(FaultBookTest, RefusesWithTheReason) {
  v1::Fault none;
  none.mutable_target()->set_role("server");
  EXPECT_NE(refusal(none).find("kinds: memory_leak"), std::string::npos);
  EXPECT_NE(refusal(leak("servr")).find("the nearest is server"), std::string::npos);
  v1::Fault both = leak("server");
  both.mutable_target()->set_node("server-1");
  EXPECT_NE(refusal(both).find("exactly one"), std::string::npos);
  v1::Fault wide = leak("server");
  wide.mutable_memory_leak()->set_mb_per_lab_hour(1e9);
  EXPECT_NE(refusal(wide).find("0.1 to 100000"), std::string::npos);
  v1::Fault edge = leak("server");
  edge.mutable_target()->set_edge_to("redis");
  EXPECT_NE(refusal(edge).find("no fault of an edge"), std::string::npos);
  v1::Fault flush;
  flush.mutable_target()->set_role("server");
  flush.mutable_flush();
  EXPECT_NE(refusal(flush).find("it fits redis"), std::string::npos);
  EXPECT_TRUE(book.all().empty());
}

}  // namespace
}  // namespace chaos
