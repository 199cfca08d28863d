#include "postgres/catalog/catalog.hpp"

namespace chaos::pg {

namespace {
CatalogRows none(Handle&) { return {}; }
}

const std::vector<CatalogTable>& empty_tables() {
  static const std::vector<CatalogTable> all{
      {"pg_inherits", 'r',
       "inhrelid oid, inhparent oid, inhseqno int4, inhdetachpending bool",
       none},
      {"pg_policy", 'r',
       "oid oid, polname name, polrelid oid, polcmd char, polpermissive bool, polroles oid[], polqual pg_node_tree, "
       "polwithcheck pg_node_tree",
       none},
      {"pg_statistic_ext", 'r',
       "oid oid, stxrelid oid, stxname name, stxnamespace oid, stxowner oid, stxstattarget int4, stxkeys int2vector, "
       "stxkind char[], stxexprs pg_node_tree",
       none},
      {"pg_publication", 'r',
       "oid oid, pubname name, pubowner oid, puballtables bool, pubinsert bool, pubupdate bool, pubdelete bool, "
       "pubtruncate bool, pubviaroot bool",
       none},
      {"pg_publication_rel", 'r',
       "oid oid, prpubid oid, prrelid oid, prqual pg_node_tree, prattrs int2vector",
       none},
      {"pg_publication_namespace", 'r',
       "oid oid, pnpubid oid, pnnspid oid",
       none},
      {"pg_trigger", 'r',
       "oid oid, tgrelid oid, tgparentid oid, tgname name, tgfoid oid, tgtype int2, tgenabled char, tgisinternal bool, "
       "tgconstrrelid oid, tgconstrindid oid, tgconstraint oid, tgdeferrable bool, tginitdeferred bool, tgnargs int2, "
       "tgattr int2vector, tgargs bytea, tgqual pg_node_tree, tgoldtable name, tgnewtable name",
       none},
      {"pg_proc", 'r',
       "oid oid, proname name, pronamespace oid, proowner oid, prolang oid, procost float4, prorows float4, "
       "provariadic oid, prosupport regproc, prokind char, prosecdef bool, proleakproof bool, proisstrict bool, "
       "proretset bool, provolatile char, proparallel char, pronargs int2, pronargdefaults int2, prorettype oid, "
       "proargtypes oidvector, proallargtypes oid[], proargmodes char[], proargnames text[], "
       "proargdefaults pg_node_tree, protrftypes oid[], prosrc text, probin text, prosqlbody pg_node_tree, "
       "proconfig text[], proacl aclitem[]",
       none},
      {"pg_stat_progress_create_index", 'v',
       "pid int4, datid oid, datname name, relid oid, index_relid oid, command text, phase text, lockers_total int8, "
       "lockers_done int8, current_locker_pid int8, blocks_total int8, blocks_done int8, tuples_total int8, "
       "tuples_done int8, partitions_total int8, partitions_done int8",
       none},
      {"pg_stat_progress_vacuum", 'v',
       "pid int4, datid oid, datname name, relid oid, phase text, heap_blks_total int8, heap_blks_scanned int8, "
       "heap_blks_vacuumed int8, index_vacuum_count int8, max_dead_tuples int8, num_dead_tuples int8",
       none},
      {"pg_shdescription", 'r',
       "objoid oid, classoid oid, description text",
       none},
      {"pg_foreign_server", 'r',
       "oid oid, srvname name, srvowner oid, srvfdw oid, srvtype text, srvversion text, srvacl aclitem[], "
       "srvoptions text[]",
       none},
      {"pg_rewrite", 'r',
       "oid oid, rulename name, ev_class oid, ev_type char, ev_enabled char, is_instead bool, ev_qual pg_node_tree, "
       "ev_action pg_node_tree",
       none},
      {"pg_depend", 'r',
       "classid oid, objid oid, objsubid int4, refclassid oid, refobjid oid, refobjsubid int4, deptype char",
       none},
      {"pg_enum", 'r',
       "oid oid, enumtypid oid, enumsortorder float4, enumlabel name",
       none},
      {"pg_range", 'r',
       "rngtypid oid, rngsubtype oid, rngmultitypid oid, rngcollation oid, rngsubopc oid, rngcanonical regproc, "
       "rngsubdiff regproc",
       none},
      {"pg_prepared_xacts", 'v',
       "transaction xid, gid text, prepared timestamptz, owner name, database name",
       none},
      {"pg_db_role_setting", 'r',
       "setdatabase oid, setrole oid, setconfig text[]",
       none},
      {"pg_event_trigger", 'r',
       "oid oid, evtname name, evtevent name, evtowner oid, evtfoid oid, evtenabled char, evttags text[]",
       none},
      {"pg_subscription", 'r',
       "oid oid, subdbid oid, subskiplsn pg_lsn, subname name, subowner oid, subenabled bool, subbinary bool, "
       "substream bool, subtwophasestate char, subdisableonerr bool, subconninfo text, subslotname name, "
       "subsynccommit text, subpublications text[]",
       none},
      {"pg_matviews", 'v',
       "schemaname name, matviewname name, matviewowner name, tablespace name, hasindexes bool, ispopulated bool, "
       "definition text",
       none}};
  return all;
}

}  // namespace chaos::pg
