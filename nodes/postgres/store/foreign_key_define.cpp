#include "postgres/base/sql_error.hpp"
#include "postgres/sql/catalog_types.hpp"
#include "postgres/store/foreign_key_check.hpp"
#include "postgres/store/foreign_keys.hpp"
#include "postgres/store/relations.hpp"

#include <algorithm>

namespace chaos::pg {

namespace {

using Act = KeyDefinition::Act;

constexpr const char* kTable = "CREATE TABLE IF NOT EXISTS pg_foreign_keys(child TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, child_column TEXT NOT NULL, "
                               "parent TEXT NOT NULL, parent_column TEXT NOT NULL, on_update TEXT NOT NULL, on_delete TEXT NOT NULL, match_full INTEGER NOT NULL, valid INTEGER NOT NULL, "
                               "PRIMARY KEY(child, name, position))";

bool failed(ServerError& error, std::string sqlstate, std::string message, std::string detail = {}) {
  error = make_error(std::move(sqlstate), std::move(message));
  error.detail = std::move(detail);
  return false;
}

std::string marked(const std::string& name) { return "\"" + name + "\""; }

// int and numeric compare with each other, and so do texts and times; everything else with its own kind alone.
int comparable(std::int32_t type) {
  switch (type) {
    case oid::kInt2: case oid::kInt4: case oid::kInt8: case oid::kNumeric: case oid::kFloat4: case oid::kFloat8: return oid::kInt4;
    case oid::kText: case oid::kVarchar: return oid::kText;
    case oid::kDate: case oid::kTimestamp: case oid::kTimestampTz: return oid::kDate;
    default: return type;
  }
}

class Definer {
 public:
  Definer(Handle& handle, const KeyDefinition& d, KeyDefinitionResult& result, ServerError& error)
      : handle_(handle), d_(d), result_(result), error_(error), keys_(ForeignKeys::read(handle)), relations_(relations(handle)) {}

  bool run() {
    switch (d_.act) {
      case Act::add: return std::all_of(d_.add.begin(), d_.add.end(), [this](const ForeignKeyClause& clause) { return add(clause); });
      case Act::drop: return drop();
      case Act::validate: return validate();
      case Act::rename: return rename();
      case Act::drop_tables: return drop_tables();
      case Act::drop_column: return drop_column();
      case Act::drop_indexes: return drop_indexes();
      case Act::truncate: return truncate();
      case Act::rename_table: return rename_all("child", "", d_.table) && rename_all("parent", "", d_.table);
      default: return rename_all("child_column", " AND child = ", d_.table) && rename_all("parent_column", " AND parent = ", d_.table);
    }
  }

 private:
  bool make(const std::string& sql) {
    if (!handle_.exec(sql, error_)) return false;
    result_.made.push_back(sql);
    return true;
  }

  void tell(std::string message, std::string detail = {}) { result_.notices.push_back({"NOTICE", "00000", std::move(message), std::move(detail), {}, 0}); }

  const Relation* table(const std::string& name) const {
    const auto found = std::find_if(relations_.begin(), relations_.end(), [&](const Relation& r) { return r.name == name && r.kind == 'r'; });
    return found == relations_.end() ? nullptr : &*found;
  }
  const ForeignKey* key(const std::string& name) const {
    const auto found = std::find_if(keys_.all().begin(), keys_.all().end(), [&](const ForeignKey& k) { return k.table == d_.table && k.name == name; });
    return found == keys_.all().end() ? nullptr : &*found;
  }
  bool name_taken(const std::string& name) const {
    return std::any_of(keys_.all().begin(), keys_.all().end(), [&](const ForeignKey& k) { return k.name == name; }) ||
           std::any_of(relations_.begin(), relations_.end(), [&](const Relation& r) { return r.constraint && r.name == name; });
  }

  std::string choose_name(const ForeignKeyClause& clause) const {
    std::string base = d_.table;
    for (const std::string& column : clause.columns) base += "_" + column;
    std::string name = base + "_fkey";
    for (int n = 1; name_taken(name); ++n) name = base + "_fkey" + std::to_string(n);
    return name;
  }

  // The key columns of the referenced table when none are named; with their index in mind (42830).
  bool find_parent(ForeignKeyClause& clause) {
    const Relation* parent = table(clause.parent);
    if (!parent) return failed(error_, "42P01", "relation " + marked(clause.parent) + " does not exist");
    const bool named = !clause.parent_columns.empty();
    for (const Relation& index : relations_) {
      if (index.kind != 'i' || index.table != parent->oid || !index.unique || !index_predicate(index).empty() || (!named && !index.primary)) continue;
      std::vector<std::string> over;
      for (const IndexColumn& column : columns_of_index(handle_, index)) over.push_back(column.number > 0 ? column.text : "");
      if (!named) return clause.parent_columns = over, true;
      if (std::is_permutation(over.begin(), over.end(), clause.parent_columns.begin(), clause.parent_columns.end())) return true;
    }
    if (!named) return failed(error_, "42704", "there is no primary key for referenced table " + marked(clause.parent));
    return failed(error_, "42830", "there is no unique constraint matching given keys for referenced table " + marked(clause.parent));
  }

  const TableColumn* column(const std::vector<TableColumn>& columns, const std::string& name) {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const TableColumn& c) { return c.name == name; });
    if (found != columns.end()) return &*found;
    failed(error_, "42703", "column " + marked(name) + " referenced in foreign key constraint does not exist");
    return nullptr;
  }

  bool fits(const ForeignKeyClause& clause, const std::string& name) {
    const Relation* child = table(d_.table);
    const Relation* parent = table(clause.parent);
    if (!parent) return failed(error_, "42P01", "relation " + marked(clause.parent) + " does not exist");
    const std::vector<TableColumn> own = columns_of(handle_, *child), others = columns_of(handle_, *parent);
    for (std::size_t i = 0; i < clause.columns.size(); ++i) {
      const TableColumn* a = column(own, clause.columns[i]);
      const TableColumn* b = a && i < clause.parent_columns.size() ? column(others, clause.parent_columns[i]) : nullptr;
      if (!a || (!b && i < clause.parent_columns.size())) return false;
      if (!b) continue;
      const std::int32_t left = declared_type(a->type).oid, right = declared_type(b->type).oid;
      if (comparable(left) == comparable(right)) continue;
      return failed(error_, "42804", "foreign key constraint " + marked(name) + " cannot be implemented",
                    "Key columns " + marked(a->name) + " and " + marked(b->name) + " are of incompatible types: " + type_text(left) + " and " + type_text(right) + ".");
    }
    return true;
  }

  bool add(const ForeignKeyClause& given) {
    ForeignKeyClause clause = given;
    if (!table(d_.table)) return failed(error_, "42P01", "relation " + marked(d_.table) + " does not exist");
    const std::string name = given.name.empty() ? choose_name(given) : given.name;
    if (key(name)) return failed(error_, "42710", "constraint " + marked(name) + " for relation " + marked(d_.table) + " already exists");
    const bool implied = clause.parent_columns.empty();
    if (implied && !find_parent(clause)) return false;
    if (!fits(clause, name)) return false;
    if (clause.columns.size() != clause.parent_columns.size()) return failed(error_, "42830", "number of referencing and referenced columns for foreign key disagree");
    if (!implied && !find_parent(clause)) return false;
    if (!make(kTable) || !insert(clause, name)) return false;
    keys_ = ForeignKeys::read(handle_);
    return !clause.valid || check_rows(handle_, *key(name), error_);
  }

  bool insert(const ForeignKeyClause& clause, const std::string& name) {
    for (std::size_t i = 0; i < clause.columns.size(); ++i) {
      const std::string row = quote_text(d_.table) + ", " + quote_text(name) + ", " + std::to_string(i + 1) + ", " + quote_text(clause.columns[i]) + ", " +
                              quote_text(clause.parent) + ", " + quote_text(clause.parent_columns[i]) + ", '" + static_cast<char>(clause.on_update) + "', '" +
                              static_cast<char>(clause.on_delete) + "', " + (clause.full ? "1, " : "0, ") + (clause.valid ? "1" : "0");
      if (!make("INSERT INTO pg_foreign_keys VALUES(" + row + ")")) return false;
    }
    return true;
  }

  static std::string at(const ForeignKey& key) { return " WHERE child = " + quote_text(key.table) + " AND name = " + quote_text(key.name); }

  bool missing() {
    if (!table(d_.table)) return failed(error_, "42P01", "relation " + marked(d_.table) + " does not exist");
    const bool other = std::any_of(relations_.begin(), relations_.end(), [this](const Relation& r) { return r.constraint && r.table_name == d_.table && r.name == d_.name; });
    if (other) return failed(error_, "0A000", "changing a primary key or unique constraint is not supported");
    const std::string message = "constraint " + marked(d_.name) + " of relation " + marked(d_.table) + " does not exist";
    if (!d_.if_exists) return failed(error_, "42704", message);
    tell(message + ", skipping");
    return true;
  }

  bool drop() {
    const ForeignKey* found = key(d_.name);
    return found ? make("DELETE FROM pg_foreign_keys" + at(*found)) : missing();
  }
  bool validate() {
    const ForeignKey* found = key(d_.name);
    return found ? check_rows(handle_, *found, error_) && make("UPDATE pg_foreign_keys SET valid = 1" + at(*found)) : missing();
  }
  bool rename() {
    const ForeignKey* found = key(d_.name);
    if (!found) return missing();
    if (key(d_.to)) return failed(error_, "42710", "constraint " + marked(d_.to) + " for relation " + marked(d_.table) + " already exists");
    return make("UPDATE pg_foreign_keys SET name = " + quote_text(d_.to) + at(*found));
  }

  // d_.name, or the table's own name, becomes d_.to.
  bool rename_all(const std::string& column, const std::string& of, const std::string& table) {
    if (keys_.all().empty()) return true;
    const std::string from = of.empty() ? table : d_.name;
    return make("UPDATE pg_foreign_keys SET " + column + " = " + quote_text(d_.to) + " WHERE " + column + " = " + quote_text(from) + (of.empty() ? "" : of + quote_text(table)));
  }

  // Whoever refers to it from elsewhere keeps it from being dropped, or loses the constraint.
  bool release(const std::vector<const ForeignKey*>& dependents, const std::string& what) {
    std::string detail, cascades;
    for (const ForeignKey* key : dependents) {
      const std::string constraint = "constraint " + quote_ident(key->name) + " on table " + quote_ident(key->table);
      detail += (detail.empty() ? "" : "\n") + constraint + " depends on " + what;
      cascades += (cascades.empty() ? "" : "\n") + std::string("drop cascades to ") + constraint;
    }
    if (!dependents.empty() && !d_.cascade) {
      failed(error_, "2BP01", "cannot drop " + what + " because other objects depend on it", detail);
      error_.hint = "Use DROP ... CASCADE to drop the dependent objects too.";
      return false;
    }
    for (const ForeignKey* key : dependents) result_.others.push_back(key->table);
    const std::string several = "drop cascades to " + std::to_string(dependents.size()) + " other objects";
    if (dependents.size() == 1) tell(cascades);
    else if (!dependents.empty()) tell(several, cascades);
    return std::all_of(dependents.begin(), dependents.end(), [this](const ForeignKey* key) { return make("DELETE FROM pg_foreign_keys" + at(*key)); });
  }

  bool among(const std::string& name) const { return std::find(d_.tables.begin(), d_.tables.end(), name) != d_.tables.end(); }

  bool drop_tables() {
    for (const std::string& name : d_.tables) {
      std::vector<const ForeignKey*> dependents;
      bool own = false;
      for (const ForeignKey& key : keys_.all()) {
        own = own || key.table == name;
        if (key.parent == name && !among(key.table)) dependents.push_back(&key);
      }
      if (!release(dependents, "table " + quote_ident(name))) return false;
      if (own && !make("DELETE FROM pg_foreign_keys WHERE child = " + quote_text(name))) return false;
    }
    return true;
  }

  bool drop_column() {
    const auto names = [this](const std::vector<std::string>& columns) { return std::find(columns.begin(), columns.end(), d_.name) != columns.end(); };
    std::vector<const ForeignKey*> dependents;
    for (const ForeignKey& key : keys_.all()) {
      if (key.parent == d_.table && names(key.parent_columns) && key.table != d_.table) dependents.push_back(&key);
      else if (key.table == d_.table && names(key.columns) && !make("DELETE FROM pg_foreign_keys" + at(key))) return false;
    }
    return release(dependents, "column " + quote_ident(d_.name) + " of table " + quote_ident(d_.table));
  }

  bool drop_indexes() {
    for (const std::string& name : d_.tables) {
      std::vector<const ForeignKey*> dependents;
      for (const ForeignKey& key : keys_.all()) {
        const Relation* index = index_of_key(handle_, relations_, key);
        if (index && index->name == name) dependents.push_back(&key);
      }
      if (!release(dependents, "index " + quote_ident(name))) return false;
    }
    return true;
  }

  bool truncate() {
    std::vector<std::string> emptied = d_.tables;
    for (std::size_t i = 0; i < emptied.size(); ++i) {
      for (const ForeignKey& key : keys_.all()) {
        if (key.parent != emptied[i] || std::find(emptied.begin(), emptied.end(), key.table) != emptied.end()) continue;
        if (!d_.cascade) {
          failed(error_, "0A000", "cannot truncate a table referenced in a foreign key constraint", "Table " + marked(key.table) + " references " + marked(key.parent) + ".");
          error_.hint = "Truncate table " + marked(key.table) + " at the same time, or use TRUNCATE ... CASCADE.";
          return false;
        }
        tell("truncate cascades to table " + marked(key.table));
        if (!handle_.exec("DELETE FROM " + quote_name(key.table), error_)) return false;
        emptied.push_back(key.table);
        result_.others.push_back(key.table);
      }
    }
    return true;
  }

  Handle& handle_;
  const KeyDefinition& d_;
  KeyDefinitionResult& result_;
  ServerError& error_;
  ForeignKeys keys_;
  std::vector<Relation> relations_;
};

}  // namespace

bool define_foreign_keys(Handle& handle, const KeyDefinition& definition, KeyDefinitionResult& result, ServerError& error) {
  return Definer(handle, definition, result, error).run();
}

}  // namespace chaos::pg
