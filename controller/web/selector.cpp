// Grammar: prometheus.io/docs/prometheus/latest/querying/basics (strings: Go's, as there).
#include "web/selector.hpp"

#include "web/string_literal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chaos::web {

namespace {

constexpr std::int64_t kPatternMemory = 1 << 20;      // of one compiled pattern

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Parsed<Selector> selector();

 private:
  BadData bad(std::string_view wanted) const;
  void skip_space();
  bool take(std::string_view word);
  bool done() const { return at_ >= text_.size(); }
  std::string word(bool colons);
  Parsed<void> braces(Selector& out);
  Parsed<Matcher> matcher();
  Parsed<MatchOp> op();

  std::string_view text_;
  std::size_t at_ = 0;
};

BadData Reader::bad(std::string_view wanted) const {
  return {fmt::format("1:{}: parse error: {}; this data source answers a series selector alone, such as lab_events{{kind=\"fault\"}} or lab_runs", at_ + 1, wanted)};
}

void Reader::skip_space() {
  while (!done() && is_space(text_[at_])) ++at_;
}

bool Reader::take(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

std::string Reader::word(bool colons) {
  const std::size_t begin = at_;
  while (!done() && (is_letter(text_[at_]) || (at_ > begin && is_digit(text_[at_])) || (colons && text_[at_] == ':'))) ++at_;
  return std::string(text_.substr(begin, at_ - begin));
}

Parsed<MatchOp> Reader::op() {
  if (take("=~")) return MatchOp::regex;
  if (take("!~")) return MatchOp::not_regex;
  if (take("!=")) return MatchOp::not_equal;
  if (take("=")) return MatchOp::equal;
  return bad("expected one of =, !=, =~, !~");
}

Parsed<std::shared_ptr<const re2::RE2>> compile(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_max_mem(kPatternMemory);
  options.set_log_errors(false);
  options.set_dot_nl(true);
  auto compiled = std::make_shared<const re2::RE2>(pattern, options);
  if (!compiled->ok()) return BadData{fmt::format("error parsing regexp: {}: {}", compiled->error(), pattern)};
  return compiled;
}

Parsed<Matcher> Reader::matcher() {
  Matcher out;
  out.label = word(false);
  if (out.label.empty()) return bad("expected a label's name");
  skip_space();
  const auto which = op();
  if (!which) return which.error();
  out.op = *which;
  skip_space();
  const StringLiteral literal = read_string_literal(text_.substr(at_));
  at_ += literal.length;
  if (!literal.error.empty()) return bad(literal.error);
  out.value = literal.value;
  if (out.op != MatchOp::regex && out.op != MatchOp::not_regex) return out;
  auto pattern = compile(out.value);
  if (!pattern) return pattern.error();
  out.pattern = std::move(*pattern);
  return out;
}

Parsed<void> Reader::braces(Selector& out) {
  skip_space();
  while (!take("}")) {
    auto one = matcher();
    if (!one) return one.error();
    out.matchers.push_back(std::move(*one));
    if (out.matchers.size() > kMaxMatchers) return bad(fmt::format("more than {} matchers", kMaxMatchers));
    skip_space();
    const bool more = take(",");
    skip_space();
    if (!more && (done() || text_[at_] != '}')) return bad("expected , or }");
  }
  return boost::system::in_place_value;
}

Parsed<Selector> Reader::selector() {
  Selector out;
  skip_space();
  if (std::string name = word(true); !name.empty()) out.matchers.push_back({"__name__", MatchOp::equal, std::move(name)});
  skip_space();
  if (take("{")) {
    if (auto rest = braces(out); !rest) return rest.error();
  } else if (out.matchers.empty()) {
    return bad(done() ? "no expression found in input" : "expected a metric's name or {");
  }
  skip_space();
  if (!done()) return bad("unexpected text after the selector");
  return out;
}

// PromQL refuses a selector that would match everything: by accident it would.
bool narrows(const Selector& selector) {
  for (const Matcher& matcher : selector.matchers) {
    if (!matcher.matches("")) return true;
  }
  return false;
}

}  // namespace

bool Matcher::matches(std::string_view text) const {
  switch (op) {
    case MatchOp::equal: return text == value;
    case MatchOp::not_equal: return text != value;
    case MatchOp::regex: return re2::RE2::FullMatch({text.data(), text.size()}, *pattern);
    case MatchOp::not_regex: return !re2::RE2::FullMatch({text.data(), text.size()}, *pattern);
  }
  return false;
}

bool Selector::matches(const LabelOf& label_of) const {
  for (const Matcher& matcher : matchers) {
    if (!matcher.matches(label_of(matcher.label))) return false;
  }
  return true;
}

bool is_label_name(std::string_view text) {
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

Parsed<Selector> parse_selector(std::string_view text) {
  if (text.size() > kMaxQuery) return BadData{fmt::format("the query is longer than {} bytes", kMaxQuery)};
  auto selector = Reader(text).selector();
  if (selector && !narrows(*selector)) return BadData{"1:1: parse error: vector selector must contain at least one non-empty matcher"};
  return selector;
}

}  // namespace chaos::web
