#include "postgres/store/capture.hpp"

#include "postgres/store/foreign_keys.hpp"

namespace chaos::pg {

namespace {

ChangeValue value_of(sqlite3_value* value) {
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_value_int64(value));
    case SQLITE_FLOAT: return sqlite3_value_double(value);
    case SQLITE_TEXT: return std::string_view(reinterpret_cast<const char*>(sqlite3_value_text(value)), size);
    case SQLITE_BLOB: return Blob{std::string_view(static_cast<const char*>(sqlite3_value_blob(value)), size)};
    default: return std::monostate{};
  }
}

using ValueOf = int (*)(sqlite3*, int, sqlite3_value**);      // sqlite3_preupdate_new or _old

void put_row(Handle& handle, Change change, ValueOf value_at, ChangeBuffer& record) {
  const int count = sqlite3_preupdate_count(handle.db());
  change.values.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    sqlite3_value* value = nullptr;
    value_at(handle.db(), i, &value);
    change.values.push_back(value ? value_of(value) : ChangeValue{});
  }
  record.append(change);
}

void on_change(void* self, sqlite3*, int op, const char*, const char* name, sqlite3_int64 before, sqlite3_int64 after) {
  Handle& handle = *static_cast<Handle*>(self);
  const std::string_view table(name);
  if (!handle.capturing || table.starts_with("pg_") || table.starts_with("sqlite_")) return;
  const bool moves = op == SQLITE_UPDATE && before != after;
  const bool gone = op == SQLITE_DELETE || moves, keyed = handle.watched && handle.watched->watches(table);
  KeyTouch touch{handle.changes.size(), KeyTouch::kNone, gone ? 'D' : op == SQLITE_INSERT ? 'I' : 'U', moves};
  if (op != SQLITE_INSERT && keyed) {
    touch.before = handle.before.size();
    put_row(handle, {ChangeOp::put, table, before, {}}, sqlite3_preupdate_old, handle.before);
  }
  if (keyed) handle.key_touches.push_back(touch);
  if (gone) {
    ++handle.touched.rows;
    handle.changes.append({ChangeOp::erase, table, before, {}});
  }
  if (op == SQLITE_DELETE) return;
  ++handle.touched.rows;
  if (moves && keyed) handle.key_touches.push_back({handle.changes.size(), KeyTouch::kNone, 'I', false});
  const ChangeOp kind = op == SQLITE_INSERT || gone ? ChangeOp::insert : ChangeOp::put;
  put_row(handle, {kind, table, after, {}}, sqlite3_preupdate_new, handle.changes);
}

}  // namespace

void register_capture(Handle& handle) { sqlite3_preupdate_hook(handle.db(), &on_change, &handle); }

}  // namespace chaos::pg
