/*
 * catalog_table.c: schemas, tables, their columns, views, and what stands on what.
 */
#include "catalog.h"

/* SQL stands in lines of its own here. */
/* clang-format off */

const char pg_sql_namespaces[] =
	"select n.nspname::text as name, n.nspname = current_schema() as is_default"
	" from pg_catalog.pg_namespace n"
	" where" WANTED("n.nspname")
	" order by n.nspname";

const char pg_sql_tables[] =
	"select n.nspname::text as schema, c.relname::text as name,"
	" case when c.relpersistence = 't' then 'temporary' when c.relkind = 'f' then 'foreign'"
	" when c.relispartition then 'partition' when c.relkind = 'p' then 'partitioned'"
	" else 'table' end as kind,"
	" pg_catalog.obj_description(c.oid, 'pg_class') as comment,"
	" case when c.reltuples >= 0 then c.reltuples::int8 end as rows_estimate,"
	" pg_catalog.pg_total_relation_size(c.oid) as bytes,"
	" pg_catalog.array_to_string(c.reloptions, ', ') as options, null::text as text,"
	" (select p.relname::text from pg_catalog.pg_inherits i"
	"  join pg_catalog.pg_class p on p.oid = i.inhparent where i.inhrelid = c.oid"
	"  order by i.inhseqno limit 1) as parent,"
	" c.oid::int8 as native_id"
	" from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
	" where c.relkind in ('r', 'p', 'f') and" WANTED("c.relname")
	NOT_OF_EXTENSION("pg_class", "c.oid")
	" order by n.nspname, c.relname";

/*
 * An 'auto' column has a default from a sequence that belongs to it, as serial makes
 * them: then the sequence says it all.
 */
const char pg_sql_columns_begin[] =
	"with recursive chain(oid, base) as ("
	"  select t.oid, t.typbasetype from pg_catalog.pg_type t where t.typtype = 'd'"
	"  union all select d.oid, t.typbasetype from chain d"
	"  join pg_catalog.pg_type t on t.oid = d.base where t.typtype = 'd'),"
	" owned(tab, col, seq, name, auto) as ("
	"  select d.refobjid, d.refobjsubid, s.oid, s.relname::text, d.deptype = 'a'"
	"  from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid"
	"  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
	"  and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
	"  and d.deptype in ('a', 'i') and d.refobjsubid > 0 and s.relkind = 'S')"
	" select n.nspname::text as schema, c.relname::text as \"table\","
	" a.attname::text as name,"
	" pg_catalog.row_number() over (partition by a.attrelid order by a.attnum) as pos,"
	" (case b.typcategory when 'A' then 15 when 'E' then 6 else case b.oid::int8 ";

const char pg_sql_columns_end[] =
	" end end)::int8 as type,"
	" pg_catalog.format_type(a.atttypid, a.atttypmod) as native_type,"
	" case when b.oid in (1042, 1043) and a.atttypmod > 3 then a.atttypmod - 4"
	"  when b.oid in (1560, 1562) and a.atttypmod > 0 then a.atttypmod end::int8 as length,"
	" case when b.oid = 1700 and a.atttypmod > 3 then (a.atttypmod - 4) >> 16 & 65535"
	"  end::int8 as precision,"
	" case when b.oid = 1700 and a.atttypmod > 3"
	"  then ((a.atttypmod - 4 & 2047) # 1024) - 1024 end::int8 as scale,"
	" not (a.attnotnull or t.typnotnull) as nullable,"
	" case when a.attgenerated = '' and o.auto is not true"
	"  then pg_catalog.pg_get_expr(f.adbin, f.adrelid) end as \"default\","
	" case when a.attgenerated <> '' then pg_catalog.pg_get_expr(f.adbin, f.adrelid) end"
	"  as \"generated\","
	" a.attgenerated = 's' as stored,"
	" case when a.attidentity = 'a' then 'always' when a.attidentity = 'd' then 'default'"
	"  when o.auto then 'auto' end as identity,"
	" case when a.attcollation <> t.typcollation then l.collname::text end as collation,"
	" pg_catalog.col_description(a.attrelid, a.attnum) as comment, false as inferred,"
	" case when t.oid >= 16384 then tn.nspname::text end as type_schema,"
	" o.name as sequence, null::text as null_conflict"
	" from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid"
	" join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
	" join pg_catalog.pg_type t on t.oid = a.atttypid"
	" join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace"
	" left join chain d on d.oid = t.oid and not exists (select from pg_catalog.pg_type x"
	"  where x.oid = d.base and x.typtype = 'd')"
	" join pg_catalog.pg_type b on b.oid = coalesce(d.base, t.oid)"
	" left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum"
	" left join pg_catalog.pg_collation l on l.oid = a.attcollation"
	" left join owned o on o.tab = a.attrelid and o.col = a.attnum and (not o.auto or"
	"  exists (select from pg_catalog.pg_depend x where x.refobjid = o.seq"
	"   and x.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and x.objid = f.oid))"
	" where c.relkind in ('r', 'p', 'f', 'v', 'm') and a.attnum > 0 and not a.attisdropped"
	" and" WANTED("c.relname")
	NOT_OF_EXTENSION("pg_class", "c.oid")
	" order by n.nspname, c.relname, a.attnum";

const char pg_sql_views[] =
	"select n.nspname::text as schema, c.relname::text as name, null::text[] as columns,"
	" pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') as text,"
	" c.relkind = 'm' as materialized"
	" from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
	" where c.relkind in ('v', 'm') and" WANTED("c.relname")
	NOT_OF_EXTENSION("pg_class", "c.oid")
	" order by n.nspname, c.relname";

#define RELATION_KIND(of) \
	"case " of ".relkind when 'v' then 'view' when 'm' then 'materialized view'" \
	" when 'S' then 'sequence' else 'table' end"

const char pg_sql_dependencies[] =
	"select distinct n.nspname::text as schema, c.relname::text as name,"
	" " RELATION_KIND("c") " as kind, rn.nspname::text as ref_schema,"
	" coalesce(rc.relname, rp.proname, rt.typname)::text as ref_name,"
	" case when rc.oid is not null then " RELATION_KIND("rc") "  when rp.oid is not null then 'function' else 'type' end as ref_kind"
	" from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class"
	" join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
	" join pg_catalog.pg_depend d"
	"  on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = r.oid"
	" left join pg_catalog.pg_class rc"
	"  on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and rc.oid = d.refobjid"
	" left join pg_catalog.pg_proc rp"
	"  on d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and rp.oid = d.refobjid"
	" left join pg_catalog.pg_type rt"
	"  on d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass and rt.oid = d.refobjid"
	" join pg_catalog.pg_namespace rn"
	"  on rn.oid = coalesce(rc.relnamespace, rp.pronamespace, rt.typnamespace)"
	" where c.relkind in ('v', 'm') and rc.oid is distinct from c.oid and" WANTED("c.relname")
	" union all"
	" select n.nspname::text, t.tgname::text, 'trigger', pn.nspname::text, p.proname::text,"
	" 'function' from pg_catalog.pg_trigger t"
	" join pg_catalog.pg_class c on c.oid = t.tgrelid"
	" join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
	" join pg_catalog.pg_proc p on p.oid = t.tgfoid"
	" join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace"
	" where not t.tgisinternal and" WANTED("t.tgname")
	" order by 1, 2, 3, 4, 5, 6";
