#include "postgres/base/sql_error.hpp"

#include "postgres/base/sqlite.hpp"

#include <array>
#include <cstdlib>
#include <optional>

namespace chaos::pg {

namespace {

struct Rule {
  std::string_view begins;      // of SQLite's message
  std::string_view ends;
  std::string_view sqlstate;
  std::string_view before;      // PostgreSQL's message: before, what stands between, after
  std::string_view after;
};

constexpr std::array kRules{
    Rule{"near \"", "\": syntax error", "42601", "syntax error at or near \"", "\""},
    Rule{"parser stack overflow", "", "54001", "stack depth limit exceeded", ""},
    Rule{"Expression tree is too large", "", "54001", "stack depth limit exceeded", ""},
    Rule{"incomplete input", "", "42601", "syntax error at end of input", ""},
    Rule{"unrecognized token: \"", "\"", "42601", "syntax error at or near \"", "\""},
    Rule{"no such table: ", "", "42P01", "relation \"", "\" does not exist"},
    Rule{"no such index: ", "", "42704", "index \"", "\" does not exist"},
    Rule{"no such view: ", "", "42P01", "view \"", "\" does not exist"},
    Rule{"no such column: ", "", "42703", "column \"", "\" does not exist"},
    Rule{"no such function: ", "", "42883", "function ", "() does not exist"},
    Rule{"wrong number of arguments to function ", "()", "42883", "function ", "() does not exist"},
    Rule{"ambiguous column name: ", "", "42702", "column reference \"", "\" is ambiguous"},
    Rule{"no such savepoint: ", "", "3B001", "savepoint \"", "\" does not exist"},
    Rule{"no such collation sequence: ", "", "42704", "collation \"", "\" does not exist"},
    Rule{"table \"", "\" already exists", "42P07", "relation \"", "\" already exists"},
    Rule{"table ", " already exists", "42P07", "relation \"", "\" already exists"},
    Rule{"view ", " already exists", "42P07", "relation \"", "\" already exists"},
    Rule{"index ", " already exists", "42P07", "relation \"", "\" already exists"},
    Rule{"there is already a table named ", "", "42P07", "relation \"", "\" already exists"},
    Rule{"there is already an index named ", "", "42P07", "relation \"", "\" already exists"},
    Rule{"there is already ", "", "42P07", "there is already ", ""},
    Rule{"recovery is ", "in progress", "55000", "recovery is ", "in progress"},
    Rule{"standby promotion is ongoing", "", "55000", "standby promotion is ongoing", ""},
    Rule{"\"wait_seconds\" must", "", "22003", "\"wait_seconds\" must", ""},
    Rule{"use DROP VIEW to delete view ", "", "42809", "\"", "\" is not a table"},
    Rule{"use DROP TABLE to delete table ", "", "42809", "\"", "\" is not a view"},
    Rule{"cannot modify ", " because it is a view", "55000", "cannot change view \"", "\""},
    Rule{"misuse of window function ", "()", "42P20", "window function ", " requires an OVER clause"},
    Rule{"sub-select returns ", " columns - expected 1", "42601", "subquery must return only one column: it has ", ""},
    Rule{"not authorized", "", "42501", "permission denied", ""},
    Rule{"access to ", " is prohibited", "42501", "permission denied for ", ""},
    Rule{"table ", " may not be modified", "42501", "permission denied for table ", ""},
    Rule{"duplicate column name: ", "", "42701", "column \"", "\" specified more than once"},
    Rule{"misuse of aggregate: ", "", "42803", "aggregate functions are not allowed here: ", ""},
    Rule{"misuse of aggregate function ", "", "42803", "aggregate functions are not allowed here: ", ""},
    Rule{"unable to identify the object to be reindexed", "", "42P01", "relation does not exist", ""},
    Rule{"all VALUES must have the same number of terms", "", "42601", "VALUES lists must all be the same length", ""},
};

std::string constraint_name(std::string_view columns, std::string_view suffix) {
  std::string name;
  for (const char c : columns.substr(0, columns.find(','))) name.push_back(c == '.' ? '_' : c);
  return name + std::string(suffix);
}

// "UNIQUE constraint failed: items.id, items.x"
ServerError constraint_error(int code, std::string_view message) {
  const std::size_t colon = message.find(": ");
  const std::string_view columns = colon == std::string_view::npos ? "" : message.substr(colon + 2);
  const std::string table(columns.substr(0, columns.find('.')));
  const std::string column(columns.substr(std::min(columns.size(), table.size() + 1)));
  ServerError error;
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE: error = unique_violation(table, constraint_name(columns, "_key")); break;
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: error = unique_violation(table, table + "_pkey"); break;
    case SQLITE_CONSTRAINT_NOTNULL:
      error = make_error("23502", "null value in column \"" + column + "\" of relation \"" + table + "\" violates not-null constraint");
      error.table = table;
      error.column = column;
      return error;
    case SQLITE_CONSTRAINT_CHECK:
      error = make_error("23514", "new row violates check constraint \"" + std::string(columns) + "\"");
      error.constraint = columns;
      return error;
    default: return make_error("23000", std::string(message));
  }
  error.column = column;      // which ones, for constraint_names.hpp; not sent
  return error;
}

// "table t has 3 columns but 4 values were supplied", "1 values for 2 columns"
std::optional<ServerError> wrong_count(std::string_view message) {
  const std::size_t has = message.find(" has "), but = message.find(" columns but "), columns = message.find(" values for ");
  std::int64_t wanted = 0, given = 0;
  if (message.starts_with("table ") && message.ends_with(" values were supplied") && has != std::string_view::npos && but != std::string_view::npos) {
    wanted = std::atoll(std::string(message.substr(has + 5)).c_str());
    given = std::atoll(std::string(message.substr(but + 13)).c_str());
  } else if (message.ends_with(" columns") && columns != std::string_view::npos) {
    given = std::atoll(std::string(message).c_str());
    wanted = std::atoll(std::string(message.substr(columns + 12)).c_str());
  } else {
    return std::nullopt;
  }
  return make_error("42601", given > wanted ? "INSERT has more expressions than target columns" : "INSERT has more target columns than expressions");
}

bool apply(const Rule& rule, std::string_view message, ServerError& out) {
  if (!message.starts_with(rule.begins) || !message.ends_with(rule.ends)) return false;
  const std::size_t fixed = rule.begins.size() + rule.ends.size();
  const std::string_view between = message.size() >= fixed ? message.substr(rule.begins.size(), message.size() - fixed) : "";
  out = make_error(std::string(rule.sqlstate), std::string(rule.before) + std::string(between) + std::string(rule.after));
  return true;
}

}  // namespace

ServerError unique_violation(const std::string& table, const std::string& constraint) {
  ServerError error = make_error("23505", "duplicate key value violates unique constraint \"" + constraint + "\"");
  error.table = table;
  error.constraint = constraint;
  return error;
}

ServerError sqlite_error(int code, std::string_view message) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return constraint_error(code, message);
    case SQLITE_INTERRUPT: return make_error("57014", "canceling statement due to user request");
    case SQLITE_READONLY: return make_error("25006", "cannot execute statement in a read-only transaction");
    case SQLITE_BUSY:
      return code == SQLITE_BUSY_SNAPSHOT ? make_error("40001", "could not serialize access due to concurrent update")
                                          : make_error("55P03", "could not obtain lock on database");
    case SQLITE_LOCKED: return make_error("55006", "object is in use by another statement");
    case SQLITE_FULL: {
      ServerError full = make_error("53100", "could not extend file: No space left on device");
      full.hint = "Check free disk space.";
      return full;
    }
    case SQLITE_NOMEM: {
      ServerError full = make_error("53200", "out of memory");
      full.detail = "The statement asked for more memory than the server's limit leaves.";
      return full;
    }
    case SQLITE_IOERR: return make_error("58030", "I/O error: " + std::string(message));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return make_error("XX001", "data corrupted: " + std::string(message));
    case SQLITE_TOOBIG: return make_error("54000", "string or blob too big");
    case SQLITE_MISMATCH: return make_error("42804", "datatype mismatch");
    case SQLITE_RANGE: return make_error("08P01", "parameter index out of range");
    case SQLITE_AUTH: return make_error("42501", "permission denied");
    default: break;
  }
  ServerError error;
  if (message.starts_with('\x01') && message.size() > 6) {      // fail_with() of function_tools.hpp
    std::string_view rest = message.substr(6);
    const auto part = [&rest] {
      const std::string_view first = rest.substr(0, rest.find('\x01'));
      rest.remove_prefix(std::min(first.size() + 1, rest.size()));
      return std::string(first);
    };
    error = make_error(std::string(message.substr(1, 5)), part());
    error.hint = part();
    error.detail = part();
    error.context = part();
    return error;
  }
  if (const std::size_t at = message.find(" has no column named "); message.starts_with("table ") && at != std::string_view::npos) {
    return make_error("42703", "column \"" + std::string(message.substr(at + 21)) + "\" of relation \"" + std::string(message.substr(6, at - 6)) + "\" does not exist");
  }
  if (message.find(" ORDER BY term out of range") != std::string_view::npos) {
    return make_error("42P10", "ORDER BY position " + std::to_string(std::atoi(std::string(message).c_str())) + " is not in select list");
  }
  if (const auto counted = wrong_count(message)) return *counted;
  for (const Rule& rule : kRules) {
    if (!apply(rule, message, error)) continue;
    const bool qualified = error.sqlstate == "42703" && message.find('.') != std::string_view::npos;
    if (qualified) std::erase(error.message, '"');      // column t.x does not exist
    if (error.sqlstate == "42883") error.hint = "No function matches the given name and argument types. You might need to add explicit type casts.";
    return error;
  }
  return make_error((code & 0xff) == SQLITE_ERROR ? "42601" : "XX000", std::string(message));
}

bool server_fault(std::string_view sqlstate) {
  const std::string_view group = sqlstate.substr(0, 2);
  return group == "53" || group == "57" || group == "58" || group == "XX" || sqlstate == "55P03";
}

}  // namespace chaos::pg
