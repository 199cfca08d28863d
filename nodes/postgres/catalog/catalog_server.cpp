#include "postgres/catalog/catalog.hpp"
#include "postgres/state/facts.hpp"
#include "postgres/state/roles.hpp"

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

CatalogRows roles(Handle& handle) {
  CatalogRows rows;
  for (const std::string& name : role_names(handle)) {
    CatalogRow row{{"oid", role_oid(name)}, {"rolname", name}};
    const bool super = name == kSuperuser;
    if (super) for (const char* right : {"rolsuper", "rolcreaterole", "rolcreatedb", "rolbypassrls"}) row.push_back({right, std::int64_t{1}});
    if (super || name == kReplicator) row.push_back({"rolreplication", std::int64_t{1}});
    rows.push_back(std::move(row));
  }
  rows.push_back({{"oid", kDatabaseOwner}, {"rolname", std::string("pg_database_owner")}, {"rolcanlogin", std::int64_t{0}}});
  rows.push_back({{"oid", kSignalBackend}, {"rolname", std::string("pg_signal_backend")}, {"rolcanlogin", std::int64_t{0}}});
  return rows;
}

// The owner may end the sessions of the shop's servers.
CatalogRows members(Handle&) { return {{{"roleid", kSignalBackend}, {"member", role_oid(kOwner)}}}; }

CatalogRows users(Handle& handle) {
  CatalogRows rows;
  for (const std::string& name : role_names(handle)) {
    CatalogRow row{{"usesysid", role_oid(name)}, {"usename", name}};
    const bool super = name == kSuperuser;
    if (super) for (const char* right : {"usesuper", "usecreatedb", "usebypassrls"}) row.push_back({right, std::int64_t{1}});
    if (super || name == kReplicator) row.push_back({"userepl", std::int64_t{1}});
    rows.push_back(std::move(row));
  }
  return rows;
}

CatalogRows tablespaces(Handle&) {
  return {{{"oid", std::int64_t{1663}}, {"spcname", std::string("pg_default")}}, {{"oid", std::int64_t{1664}}, {"spcname", std::string("pg_global")}}};
}

// '{a,"b c",""}' of "a,b c,".
std::string word_list(std::string_view words) {
  std::string out = "{";
  for (std::size_t at = 0; at <= words.size();) {
    const std::size_t comma = std::min(words.find(',', at), words.size());
    const std::string word(words.substr(at, comma - at));
    out += (at == 0 ? "" : ",") + (!word.empty() && word.find(' ') == std::string::npos ? word : '"' + word + '"');
    at = comma + 1;
  }
  return out + "}";
}

CatalogValue text(std::string_view value) { return value.empty() ? CatalogValue{} : CatalogValue{std::string(value)}; }

CatalogRows settings(Handle& handle) {
  const ServerConfig& config = handle.facts().config();
  const SessionSettings server(config);
  const SessionSettings& mine = handle.backend && handle.backend->settings ? *handle.backend->settings : server;
  CatalogRows rows;
  for (const SettingRule& rule : setting_rules()) {
    if (rule.hidden || (!mine.superuser() && for_superusers(rule))) continue;
    const std::string name(rule.name);
    const bool file = config.source(rule) == "configuration file";
    CatalogRow row{{"name", name}, {"setting", mine.value(name).value_or("")}, {"unit", text(rule.unit)}, {"category", text(rule.category)},
                   {"short_desc", text(rule.description)}, {"context", text(context_word(rule.context))}, {"vartype", text(type_word(rule.type))},
                   {"source", text(mine.source(rule))}, {"min_val", text(rule.min)}, {"max_val", text(rule.max)}, {"boot_val", std::string(rule.preset)},
                   {"reset_val", config.value(name).value_or("")}, {"pending_restart", std::int64_t{config.pending_restart(rule)}}};
    if (!rule.values.empty()) row.push_back({"enumvals", word_list(rule.values)});
    if (file && mine.superuser()) row.push_back({"sourcefile", config.value("data_directory").value_or("") + "/postgresql.auto.conf"});
    rows.push_back(std::move(row));
  }
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
      {"pg_auth_members", 'r',
       "roleid oid, member oid, grantor oid=10, admin_option bool=0",
       members},
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
