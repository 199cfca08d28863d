// A series selector of PromQL: a metric's name and matchers on labels. Pure.
#pragma once

#include <boost/system/result.hpp>
#include <re2/re2.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace chaos::web {

/// What is wrong with a request, as Prometheus' API words it: errorType bad_data.
struct BadData {
  std::string text;
};
/// What result::value() throws when there is none.
[[noreturn]] inline void throw_exception_from_error(const BadData& error, const boost::source_location&) { throw std::invalid_argument(error.text); }
template <class T>
using Parsed = boost::system::result<T, BadData>;

inline constexpr std::size_t kMaxQuery = 4096;      // bytes of one selector
inline constexpr std::size_t kMaxMatchers = 32;

enum class MatchOp { equal, not_equal, regex, not_regex };

struct Matcher {
  std::string label;
  MatchOp op = MatchOp::equal;
  std::string value;
  std::shared_ptr<const re2::RE2> pattern{};      // of the regex operators; anchored at both ends

  bool matches(std::string_view text) const;
};

/// The value of a label of one series; empty: it has none of that name, which is the same in PromQL.
using LabelOf = std::function<std::string_view(std::string_view label)>;

struct Selector {
  std::vector<Matcher> matchers;      // the metric's name is the label __name__

  bool matches(const LabelOf& label_of) const;
};

/// `lab_events`, `lab_events{kind="fault", node!~"server-.*"}`, `{__name__=~"lab_.*"}`; strings in double or single quotes
/// or backticks. Anything else of PromQL (functions, operators, ranges, offsets) is refused with the place.
Parsed<Selector> parse_selector(std::string_view text);

/// [a-zA-Z_][a-zA-Z0-9_]*
bool is_label_name(std::string_view text);

}  // namespace chaos::web
