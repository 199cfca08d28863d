// The walk over a statement's tokens behind translate() (sql_plan.hpp).
#pragma once

#include "postgres/sql_plan.hpp"

namespace chaos::pg {

/// SQLite's word for an operator of PostgreSQL (ILIKE, ~, !~~, ...); empty when it is the same.
std::string_view renamed_operator(std::string_view name);

class Translator {
 public:
  Translator(const Tokens& tokens, Plan& plan) : in_(tokens), plan_(plan) {}
  std::string run() {
    while (at_ < in_.size()) item();
    return join();
  }

 private:
  bool more(std::size_t ahead = 0) const { return at_ + ahead < in_.size(); }
  bool next_is(std::string_view text, std::size_t ahead = 0) const { return more(ahead) && in_[at_ + ahead].is(text); }
  bool next_kind(TokenKind kind, std::size_t ahead = 0) const { return more(ahead) && in_[at_ + ahead].kind == kind; }
  void emit(std::string text) { out_.push_back(std::move(text)); }

  void item();
  bool clause();
  bool any_of();
  void subscript(std::size_t from);
  void operand();
  void operand_word();
  void parameter();
  void group();
  void call(const std::string& name);
  void extract_call();
  void cast_call();
  void casts(std::size_t from);
  std::string type_words();
  void wrap_cast(std::size_t from, std::string_view type);
  void time_arithmetic();
  bool schema_prefix();
  void note_name(std::string_view name);
  std::string join() const;

  const Tokens& in_;
  Plan& plan_;
  std::size_t at_ = 0;
  std::vector<std::string> out_;
  std::size_t operand_ = kNone;      // where the operand that just ended begins in out_
  int depth_ = 0;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

}  // namespace chaos::pg
