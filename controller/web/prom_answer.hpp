// Answers in the form of Prometheus' HTTP API. Pure.
#pragma once

#include "web/form.hpp"
#include "web/lab_series.hpp"

namespace chaos::web {

/// How long an event is there for an instant query, as a sample is for Prometheus'.
inline constexpr std::int64_t kLookBackMs = 300'000;

/// resultType matrix. An event has one sample, at the first step at or after it; a run has one (1) at each step while it went on.
std::string matrix_answer(const Slice& slice, const Grid& grid);
/// resultType vector: the events of the last five minutes before at_ms, and every run.
std::string vector_answer(const Slice& slice, std::int64_t at_ms);
/// A number for an instant query, and for a range.
std::string scalar_answer(double value, std::int64_t at_ms);
std::string scalar_answer(double value, const Grid& grid);
/// For /series: the labels of each.
std::string series_answer(const Slice& slice);
/// For /labels and /label/NAME/values; cut: not all of them may be here.
std::string list_answer(const std::vector<std::string>& list, bool cut);
/// For /status/buildinfo.
std::string build_answer(std::string_view version);
/// For /metadata: what the two metrics mean.
std::string metadata_answer();

HttpResponse bad_data(const BadData& what);                                        // 400
HttpResponse failure(unsigned status, std::string_view type, std::string_view text);   // type: Prometheus' errorType

}  // namespace chaos::web
