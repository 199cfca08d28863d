// The walk over a statement's tokens behind translate() (sql_plan.hpp).
#pragma once

#include "postgres/sql/sql_plan.hpp"

namespace chaos::pg {

/// SQLite's word for an operator of PostgreSQL (ILIKE, ~, !~~, ...); empty when it is the same.
std::string_view renamed_operator(std::string_view name);

class Translator {
 public:
  Translator(const Tokens& tokens, Plan& plan) : in_(tokens), plan_(plan) {}
  std::string run() {
    while (at_ < in_.size()) item();
    place_rows();
    return join();
  }

 private:
  struct Piece {
    std::string text;
    int position;      // of the token that it comes from
  };

  bool more(std::size_t ahead = 0) const { return at_ + ahead < in_.size(); }
  bool next_is(std::string_view text, std::size_t ahead = 0) const { return more(ahead) && in_[at_ + ahead].is(text); }
  bool next_kind(TokenKind kind, std::size_t ahead = 0) const { return more(ahead) && in_[at_ + ahead].kind == kind; }
  void emit(std::string text) { out_.push_back({std::move(text), here_}); }
  void insert(std::size_t at, std::string text) { out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(at), {std::move(text), here_}); }
  void wrap(std::size_t from, std::string_view function) { insert(from, std::string(function) + " ("), emit(")"); }

  void item();
  bool clause();
  bool output_name();
  bool function_follows() const;
  bool fetch_first();
  void count_parameter(const Token& token);
  bool any_of();
  bool array_value();
  void subscript(std::size_t from);
  void operand();
  void operand_word();
  bool typed_literal();
  void parameter();
  void group();
  void call(const std::string& name);
  void column_names(std::size_t from);
  bool row_source(const std::string& name);
  void enter_clause(const Token& token);
  void place_rows();
  void ordered_set_call(const std::string& name);
  void order_key();
  void ordered_call(const std::string& name);
  void distinct_strings();
  void extract_call();
  void position_call();
  void cast_call();
  void casts(std::size_t from);
  std::string type_words();
  void wrap_cast(std::size_t from, std::string_view type);
  void wrap_numeric(std::size_t from, std::int32_t modifier);
  void quote_number(std::size_t from);
  void show(std::size_t from);
  void show_name(std::size_t from);
  void concat();
  void sum();
  void product_of();
  bool divisor();
  bool schema_prefix();
  void note_name(std::string_view name);
  std::string join();

  const Tokens& in_;
  Plan& plan_;
  std::size_t at_ = 0;
  int here_ = 0;
  std::vector<Piece> out_;
  std::size_t operand_ = kNone;      // where the operand that just ended begins in out_
  std::size_t sum_ = kNone;          // where the terms that + and - join begin
  int depth_ = 0;
  std::string_view clause_;          // the key word that the walk is behind, of this bracket
  std::vector<Piece> rows_;          // of a set-returning function in the select list
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

}  // namespace chaos::pg
