// A record on disk with events of our own making.
#pragma once

#include "record/record.hpp"
#include "support/process.hpp"

namespace chaos::test {

struct Told {
  std::int64_t at_ms;
  std::string kind;
  std::string verb;
  std::string subject;
  bool hidden = false;
  std::string text = "it happened";
};

class LabRecord {
 public:
  std::filesystem::path file() const { return folder_.path() / "record.db"; }
  /// Begins a run; the one before becomes interrupted where it has not ended.
  void begin(std::int64_t start_ms) {
    RunInfo info;
    info.drill = "steady";
    info.start_unix_us = start_ms * 1000;
    info.end_lab_s = 86'400;
    writer_ = record_->begin_run(info).value();
  }
  void tell(const Told& told) {
    v1::Event event;
    event.set_unix_us(told.at_ms * 1000 + 250);
    event.set_kind(told.kind);
    event.set_what(told.verb);
    event.set_node(told.subject);
    event.set_text(told.text);
    event.set_hidden(told.hidden);
    writer_->append(event);
    writer_->flush().value();
  }
  void sample(std::int64_t at_ms) {
    writer_->add_sli({.lab_s = 60, .unix_us = at_ms * 1000});
    writer_->flush().value();
  }
  void end(std::int64_t at_ms) {
    writer_->finish({}, 60, at_ms * 1000).value();
  }
  std::unique_ptr<RecordReader> reader() const { return RecordReader::open(file()).value(); }

 private:
  TempDir folder_;
  std::unique_ptr<Record> record_ = Record::open(file()).value();
  std::unique_ptr<RunWriter> writer_;
};

}  // namespace chaos::test
