#include "postgres/catalog.hpp"
#include "postgres/facts.hpp"
#include "postgres/roles.hpp"

#include <set>

namespace chaos::pg {

namespace {

CatalogRows databases(Handle&) {
  return {{{"oid", kDatabaseOid}, {"datname", std::string(kDatabase)}, {"datdba", role_oid(kOwner)}}};
}

// The superuser, the owner of the tables, and whoever is connected.
std::set<std::string> role_names(Handle& handle) {
  std::set<std::string> names{std::string(kSuperuser), std::string(kOwner)};
  for (const auto& [pid, b] : handle.facts().backends().all()) names.insert(b->user);
  return names;
}

// Whether a session of that name replicates now.
bool replicates(Handle& handle, const std::string& name) {
  for (const auto& [pid, b] : handle.facts().backends().all()) {
    if (b->user == name && b->type == "walsender") return true;
  }
  return false;
}

CatalogRows roles(Handle& handle) {
  CatalogRows rows;
  for (const std::string& name : role_names(handle)) {
    CatalogRow row{{"oid", role_oid(name)}, {"rolname", name}};
    const bool super = name == kSuperuser;
    if (super) for (const char* right : {"rolsuper", "rolcreaterole", "rolcreatedb", "rolbypassrls"}) row.push_back({right, std::int64_t{1}});
    if (super || replicates(handle, name)) row.push_back({"rolreplication", std::int64_t{1}});
    rows.push_back(std::move(row));
  }
  rows.push_back({{"oid", kDatabaseOwner}, {"rolname", std::string("pg_database_owner")}, {"rolcanlogin", std::int64_t{0}}});
  return rows;
}

CatalogRows users(Handle& handle) {
  CatalogRows rows;
  for (const std::string& name : role_names(handle)) {
    CatalogRow row{{"usesysid", role_oid(name)}, {"usename", name}};
    const bool super = name == kSuperuser;
    if (super) for (const char* right : {"usesuper", "usecreatedb", "usebypassrls"}) row.push_back({right, std::int64_t{1}});
    if (super || replicates(handle, name)) row.push_back({"userepl", std::int64_t{1}});
    rows.push_back(std::move(row));
  }
  return rows;
}

CatalogRows tablespaces(Handle&) {
  return {{{"oid", std::int64_t{1663}}, {"spcname", std::string("pg_default")}}, {{"oid", std::int64_t{1664}}, {"spcname", std::string("pg_global")}}};
}

CatalogRows settings(Handle& handle) {
  CatalogRows rows;
  for (const Setting& setting : handle.facts().settings()) rows.push_back({{"name", std::string(setting.name)}, {"setting", setting.value}});
  return rows;
}

}  // namespace

const std::vector<CatalogTable>& server_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_database", 'r',
       "oid oid, datname name, datdba oid=10, encoding int4=6, datlocprovider char=c, datistemplate bool=0, "
       "datallowconn bool=1, datconnlimit int4=-1, datfrozenxid xid=0, datminmxid xid=1, dattablespace oid=1663, "
       "datcollate text=C.UTF-8, datctype text=C.UTF-8, daticulocale text, datcollversion text, datacl aclitem[]",
       databases},
      {"pg_roles", 'v',
       "rolname name, rolsuper bool=0, rolinherit bool=1, rolcreaterole bool=0, rolcreatedb bool=0, "
       "rolcanlogin bool=1, rolreplication bool=0, rolconnlimit int4=-1, rolpassword text=********, "
       "rolvaliduntil timestamptz, rolbypassrls bool=0, rolconfig text[], oid oid",
       roles},
      {"pg_authid", 'r',
       "oid oid, rolname name, rolsuper bool=0, rolinherit bool=1, rolcreaterole bool=0, rolcreatedb bool=0, "
       "rolcanlogin bool=1, rolreplication bool=0, rolbypassrls bool=0, rolconnlimit int4=-1, rolpassword text, "
       "rolvaliduntil timestamptz",
       roles},
      {"pg_user", 'v',
       "usename name, usesysid oid, usecreatedb bool=0, usesuper bool=0, userepl bool=0, usebypassrls bool=0, "
       "passwd text=********, valuntil timestamptz, useconfig text[]",
       users},
      {"pg_shadow", 'v',
       "usename name, usesysid oid, usecreatedb bool=0, usesuper bool=0, userepl bool=0, usebypassrls bool=0, "
       "passwd text=********, valuntil timestamptz, useconfig text[]",
       users},
      {"pg_tablespace", 'r',
       "oid oid, spcname name, spcowner oid=10, spcacl aclitem[], spcoptions text[]",
       tablespaces},
      {"pg_settings", 'v',
       "name text, setting text, unit text, category text, short_desc text, extra_desc text, context text, "
       "vartype text, source text, min_val text, max_val text, enumvals text[], boot_val text, reset_val text, "
       "sourcefile text, sourceline int4, pending_restart bool",
       settings}};
  return all;
}

}  // namespace chaos::pg
