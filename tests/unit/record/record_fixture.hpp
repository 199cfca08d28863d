// A record in a folder of its own, and what to write into it.
#pragma once

#include "record/record.hpp"
#include "record/run_writer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace chaos {

class RecordTest : public testing::Test {
 protected:
  RecordTest() {
    std::string name = (std::filesystem::temp_directory_path() / "record-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    file_ = folder_ / "data" / "record.db";
  }
  ~RecordTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Record> open() { return Record::open(file_).value(); }
  RunData load(const std::string& run = "last") { return RecordReader::open(file_).value()->load(run).value(); }
  static std::unique_ptr<RunWriter> begin(Record& record) { return record.begin_run(info()).value(); }

  static RunInfo info() {
    RunInfo info{.drill = "guided", .responder = "rolling", .seed = 0xFFFF'FFFF'FFFF'FFFEu, .speed = 60};
    info.lab_file = "name: guided\n";
    info.plan.set_name("guided");
    info.plan.mutable_contract()->set_uptime_min(0.95);
    info.start_lab_s = 3600;
    info.end_lab_s = 90000;
    info.start_unix_us = 1'700'000'000'000'000;
    return info;
  }
  static v1::Event event(double lab_s, const std::string& what) {
    v1::Event e;
    e.set_lab_s(lab_s);
    e.set_unix_us(5);
    e.set_kind("node");
    e.set_node("server-2");
    e.set_what(what);
    e.set_text("it's <here>");
    e.set_actor("drill");
    e.set_hidden(true);
    return e;
  }
  static v1::MinuteTally tally(std::int64_t minute, std::uint64_t total, std::uint64_t good) {
    v1::MinuteTally t;
    t.set_lab_minute(minute);
    t.set_total(total);
    t.set_good(good);
    return t;
  }

  std::string bytes() const {
    std::ostringstream out;
    out << std::ifstream(file_, std::ios::binary).rdbuf();
    return out.str();
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

}  // namespace chaos
