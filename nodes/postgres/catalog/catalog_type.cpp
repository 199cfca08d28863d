#include "postgres/catalog/catalog.hpp"
#include "postgres/sql/catalog_types.hpp"

namespace chaos::pg {

namespace {

CatalogRow base_type(const CatalogType& t) {
  return {{"oid", std::int64_t{t.oid}}, {"typname", std::string(t.name)}, {"typlen", std::int64_t{t.length}}, {"typbyval", std::int64_t{t.by_value}},
          {"typcategory", std::string(1, t.category)}, {"typtype", std::string(t.category == 'P' ? "p" : "b")}, {"typarray", std::int64_t{t.array}},
          {"typdelim", std::string(",")}, {"typalign", std::string(1, t.align)}, {"typstorage", std::string(1, t.storage)},
          {"typcollation", std::int64_t{t.collation}}, {"typinput", std::string(t.name) + "in"}, {"typoutput", std::string(t.name) + "out"}};
}

CatalogRows types(Handle&) {
  CatalogRows rows;
  for (const CatalogType& t : catalog_types()) {
    rows.push_back(base_type(t));
    if (t.array == 0) continue;
    rows.push_back({{"oid", std::int64_t{t.array}}, {"typname", "_" + std::string(t.name)}, {"typlen", std::int64_t{-1}}, {"typbyval", std::int64_t{0}},
                    {"typcategory", std::string("A")}, {"typelem", std::int64_t{t.oid}}, {"typarray", std::int64_t{0}}, {"typdelim", std::string(",")},
                    {"typalign", std::string(t.align == 'd' ? "d" : "i")}, {"typstorage", std::string("x")}, {"typcollation", std::int64_t{t.collation}},
                    {"typinput", std::string("array_in")}, {"typoutput", std::string("array_out")}});
  }
  return rows;
}

CatalogRows collations(Handle&) {
  return {{{"oid", std::int64_t{100}}, {"collname", std::string("default")}, {"collprovider", std::string("d")}},
          {{"oid", std::int64_t{950}}, {"collname", std::string("C")}, {"collprovider", std::string("c")}, {"collcollate", std::string("C")}, {"collctype", std::string("C")}},
          {{"oid", std::int64_t{951}}, {"collname", std::string("POSIX")}, {"collprovider", std::string("c")}, {"collcollate", std::string("POSIX")}, {"collctype", std::string("POSIX")}}};
}

// What this server has: rows in the order of their keys, and trees.
CatalogRows access_methods(Handle&) {
  return {{{"oid", std::int64_t{2}}, {"amname", std::string("heap")}, {"amhandler", std::string("heap_tableam_handler")}, {"amtype", std::string("t")}},
          {{"oid", std::int64_t{403}}, {"amname", std::string("btree")}, {"amhandler", std::string("bthandler")}, {"amtype", std::string("i")}}};
}

CatalogRows languages(Handle&) {
  return {{{"oid", std::int64_t{12}}, {"lanname", std::string("internal")}}, {{"oid", std::int64_t{14}}, {"lanname", std::string("sql")}, {"lanpltrusted", std::int64_t{1}}}};
}

CatalogRows extensions(Handle&) {
  return {{{"oid", std::int64_t{16411}}, {"extname", std::string("pg_stat_statements")}, {"extnamespace", std::int64_t{2200}}, {"extversion", std::string("1.10")}}};
}

CatalogRows available(Handle&) {
  return {{{"name", std::string("pg_stat_statements")}, {"default_version", std::string("1.10")}, {"installed_version", std::string("1.10")},
           {"comment", std::string("track planning and execution statistics of all SQL statements executed")}}};
}

CatalogRows descriptions(Handle&) {
  return {{{"objoid", std::int64_t{16411}}, {"classoid", *catalog_oid("pg_extension")}, {"description", std::string("track planning and execution statistics of all SQL statements executed")}}};
}

}  // namespace

const std::vector<CatalogTable>& type_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_type", 'r',
       "oid oid, typname name, typnamespace oid=11, typowner oid=10, typlen int2, typbyval bool, typtype char=b, "
       "typcategory char, typispreferred bool=0, typisdefined bool=1, typdelim char=;, typrelid oid=0, "
       "typsubscript regproc, typelem oid=0, typarray oid, typinput regproc, typoutput regproc, typreceive regproc, "
       "typsend regproc, typmodin regproc=-, typmodout regproc=-, typanalyze regproc, typalign char, typstorage char, "
       "typnotnull bool=0, typbasetype oid=0, typtypmod int4=-1, typndims int4=0, typcollation oid, "
       "typdefaultbin pg_node_tree, typdefault text, typacl aclitem[]",
       types},
      {"pg_collation", 'r',
       "oid oid, collname name, collnamespace oid=11, collowner oid=10, collprovider char, collisdeterministic bool=1, "
       "collencoding int4=-1, collcollate text, collctype text, colliculocale text, collversion text",
       collations},
      {"pg_am", 'r',
       "oid oid, amname name, amhandler regproc, amtype char",
       access_methods},
      {"pg_language", 'r',
       "oid oid, lanname name, lanowner oid=10, lanispl bool=0, lanpltrusted bool=0, lanplcallfoid oid=0, "
       "laninline oid=0, lanvalidator oid=0, lanacl aclitem[]",
       languages},
      {"pg_extension", 'r',
       "oid oid, extname name, extowner oid=10, extnamespace oid, extrelocatable bool=1, extversion text, "
       "extconfig oid[], extcondition text[]",
       extensions},
      {"pg_available_extensions", 'v',
       "name name, default_version text, installed_version text, comment text",
       available},
      {"pg_description", 'r',
       "objoid oid, classoid oid, objsubid int4=0, description text",
       descriptions}};
  return all;
}

}  // namespace chaos::pg
