#include "lab/procedure.hpp"

namespace chaos {

v1::Progress Procedure::progress(std::string text, const std::string& node, double done) const {
  v1::Progress out;
  out.set_text(std::move(text));
  out.set_node(node);
  out.set_done(done);
  return out;
}

void Procedure::finish(ProcedureStep& step, std::string text) {
  finished_ = true;
  v1::Progress last = progress(std::move(text), "", 1);
  last.set_finished(true);
  step.progress.push_back(std::move(last));
}

void Procedure::fail(ProcedureStep& step, std::string text) {
  finished_ = true;
  failure_ = std::move(text);
  step.progress.push_back(progress(failure_, "", 0));
}

}  // namespace chaos
