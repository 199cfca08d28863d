#include "postgres/catalog/catalog.hpp"

namespace chaos::pg {

namespace {

enum Column { kValue, kStart, kStop, kStep };

struct Cursor : sqlite3_vtab_cursor {
  std::int64_t value = 0, stop = 0, step = 1;
  bool over = false;
};

int connect(sqlite3* db, void*, int, const char* const*, sqlite3_vtab** out, char**) {
  const int code = sqlite3_declare_vtab(db, "CREATE TABLE x(generate_series INTEGER, start HIDDEN, stop HIDDEN, step HIDDEN)");
  if (code == SQLITE_OK) *out = std::make_unique<sqlite3_vtab>().release();
  return code;
}

int disconnect(sqlite3_vtab* table) {
  delete table;
  return SQLITE_OK;
}

// The arguments are equal-constraints on the hidden columns; filter gets them in the order of idxNum's bits.
int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
  int found[4] = {-1, -1, -1, -1};
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto& constraint = info->aConstraint[i];
    if (constraint.iColumn < kStart || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (!constraint.usable) return SQLITE_CONSTRAINT;
    found[constraint.iColumn] = i;
  }
  int arguments = 0;
  for (int column = kStart; column <= kStep; ++column) {
    if (found[column] < 0) continue;
    info->aConstraintUsage[found[column]].argvIndex = ++arguments;
    info->aConstraintUsage[found[column]].omit = 1;
    info->idxNum |= 1 << column;
  }
  info->estimatedCost = info->idxNum == 0 ? 1e12 : 1000;
  return SQLITE_OK;
}

int open_cursor(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  *out = std::make_unique<Cursor>().release();
  return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

bool beyond(const Cursor& cursor) { return cursor.step > 0 ? cursor.value > cursor.stop : cursor.value < cursor.stop; }

int filter(sqlite3_vtab_cursor* base, int bits, const char*, int count, sqlite3_value** values) {
  auto& cursor = *static_cast<Cursor*>(base);
  std::int64_t arguments[4] = {0, 0, 0, 1};
  int next = 0;
  cursor.over = false;
  for (int column = kStart; column <= kStep && next < count; ++column) {
    if ((bits & (1 << column)) == 0) continue;
    cursor.over = cursor.over || sqlite3_value_type(values[next]) == SQLITE_NULL;
    arguments[column] = sqlite3_value_int64(values[next++]);
  }
  cursor.value = arguments[kStart];
  cursor.stop = arguments[kStop];
  cursor.step = arguments[kStep] == 0 ? 1 : arguments[kStep];
  cursor.over = cursor.over || (bits & (1 << kStop)) == 0 || beyond(cursor);
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* base) {
  auto& cursor = *static_cast<Cursor*>(base);
  cursor.over = __builtin_add_overflow(cursor.value, cursor.step, &cursor.value) || beyond(cursor);
  return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor* cursor) { return static_cast<Cursor*>(cursor)->over; }

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int i) {
  const auto& cursor = *static_cast<Cursor*>(base);
  if (i == kValue) sqlite3_result_int64(context, cursor.value);
  return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
  *out = static_cast<Cursor*>(cursor)->value;
  return SQLITE_OK;
}

constexpr sqlite3_module kModule = {
    .iVersion = 0, .xCreate = nullptr, .xConnect = connect, .xBestIndex = best_index, .xDisconnect = disconnect,
    .xDestroy = nullptr, .xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter, .xNext = next, .xEof = at_end,
    .xColumn = column, .xRowid = row_id, .xUpdate = nullptr, .xBegin = nullptr, .xSync = nullptr, .xCommit = nullptr,
    .xRollback = nullptr, .xFindFunction = nullptr, .xRename = nullptr, .xSavepoint = nullptr, .xRelease = nullptr,
    .xRollbackTo = nullptr, .xShadowName = nullptr};

}  // namespace

void register_series(Handle& handle) { sqlite3_create_module_v2(handle.db(), "generate_series", &kModule, nullptr, nullptr); }

}  // namespace chaos::pg
