/*
 * catalog_other.c: what is not a table: sequences, triggers, routines, types, roles; and
 * what goes on.
 */
#include "catalog.h"

/* SQL stands in lines of its own here. */
/* clang-format off */

const char pg_sql_sequences[] =
	"select n.nspname::text as schema, c.relname::text as name,"
	" pg_catalog.format_type(s.seqtypid, null) as native_type, s.seqstart as start,"
	" s.seqincrement as increment, s.seqmin as min, s.seqmax as max, s.seqcycle as cycle,"
	" s.seqcache as cache, case when pg_catalog.has_sequence_privilege(c.oid, 'SELECT,USAGE')"
	"  then pg_catalog.pg_sequence_last_value(c.oid) end as last,"
	" oc.relname::text as owner_table, oa.attname::text as owner_column"
	" from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid"
	" join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
	" left join pg_catalog.pg_depend d on d.objid = c.oid and d.deptype in ('a', 'i')"
	"  and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
	"  and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjsubid > 0"
	" left join pg_catalog.pg_class oc on oc.oid = d.refobjid"
	" left join pg_catalog.pg_attribute oa on oa.attrelid = d.refobjid"
	"  and oa.attnum = d.refobjsubid"
	" where" WANTED("c.relname")
	NOT_OF_EXTENSION("pg_class", "c.oid")
	" order by n.nspname, c.relname";

/* tgtype: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead of */
const char pg_sql_triggers[] =
	"select n.nspname::text as schema, c.relname::text as \"table\", t.tgname::text as name,"
	" case when t.tgtype & 64 > 0 then 'instead of' when t.tgtype & 2 > 0 then 'before'"
	"  else 'after' end as timing,"
	" pg_catalog.array_remove(array[case when t.tgtype & 4 > 0 then 'insert' end,"
	"  case when t.tgtype & 8 > 0 then 'delete' end,"
	"  case when t.tgtype & 16 > 0 then 'update' end,"
	"  case when t.tgtype & 32 > 0 then 'truncate' end], null) as events,"
	" case when t.tgtype & 1 > 0 then 'row' else 'statement' end as level,"
	" null::text as condition, t.tgenabled <> 'D' as enabled,"
	" pn.nspname::text as routine_schema, p.proname::text as routine,"
	" pg_catalog.pg_get_triggerdef(t.oid) as text"
	" from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid"
	" join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
	" join pg_catalog.pg_proc p on p.oid = t.tgfoid"
	" join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace"
	" where not t.tgisinternal and" WANTED("c.relname")
	" order by n.nspname, c.relname, t.tgname";

const char pg_sql_routines[] =
	"select n.nspname::text as schema, p.proname::text as name,"
	" case p.prokind when 'p' then 'procedure' else 'function' end as kind,"
	" pg_catalog.oidvectortypes(p.proargtypes) as signature,"
	" pg_catalog.pg_get_function_identity_arguments(p.oid) as arguments,"
	" pg_catalog.pg_get_function_result(p.oid) as returns, l.lanname::text as language,"
	" case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile'"
	"  end as volatility, p.prosecdef as security_definer,"
	" pg_catalog.rtrim(pg_catalog.pg_get_functiondef(p.oid), E'\\n') as text"
	" from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace"
	" join pg_catalog.pg_language l on l.oid = p.prolang"
	" where p.prokind in ('f', 'p') and" WANTED("p.proname")
	NOT_OF_EXTENSION("pg_proc", "p.oid")
	" order by n.nspname, p.proname, 4";

const char pg_sql_types[] =
	"select n.nspname::text as schema, t.typname::text as name,"
	" case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range'"
	"  else 'composite' end as kind,"
	" case t.typtype when 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod) end"
	"  as base,"
	" case t.typtype when 'e' then array(select e.enumlabel::text from pg_catalog.pg_enum e"
	"  where e.enumtypid = t.oid order by e.enumsortorder) end as labels,"
	" case t.typtype when 'c' then array(select pg_catalog.quote_ident(a.attname) || ' ' ||"
	"  pg_catalog.format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_attribute a"
	"  where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped"
	"  order by a.attnum) end as fields,"
	" t.typnotnull as not_null, t.typdefault as \"default\","
	" (select pg_catalog.string_agg('(' || pg_catalog.pg_get_expr(k.conbin, 0) || ')',"
	"  ' and ' order by k.conname) from pg_catalog.pg_constraint k"
	"  where k.contypid = t.oid and k.contype = 'c') as \"check\","
	" t.oid::int8 as native_id"
	" from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace"
	" left join pg_catalog.pg_class r on r.oid = t.typrelid"
	" where (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and r.relkind = 'c') and" WANTED("t.typname")
	NOT_OF_EXTENSION("pg_type", "t.oid")
	" order by n.nspname, t.typname";

const char pg_sql_roles[] =
	"select r.rolname::text as name, r.rolcanlogin as login, r.rolsuper as superuser,"
	" r.rolcreatedb as create_db, r.rolcreaterole as create_role,"
	" r.rolreplication as replication, array(select g.rolname::text"
	"  from pg_catalog.pg_auth_members m join pg_catalog.pg_roles g on g.oid = m.roleid"
	"  where m.member = r.oid order by 1) as member_of,"
	" case when pg_catalog.isfinite(r.rolvaliduntil) then r.rolvaliduntil end as valid_until"
	" from pg_catalog.pg_roles r where ($1::text is null or true) and"
	" case when $2::text is null then r.rolname !~ '^pg_' else r.rolname = $2::text end"
	" order by r.rolname";

const char pg_sql_stats[] =
	"select v.name, v.value, v.unit from pg_catalog.pg_stat_database d"
	" cross join lateral (values"
	" ('size', pg_catalog.pg_database_size(d.datid)::float8, 'bytes'),"
	" ('sessions', d.numbackends::float8, ''), ('commits', d.xact_commit::float8, ''),"
	" ('rollbacks', d.xact_rollback::float8, ''),"
	" ('blocks_read', d.blks_read::float8, ''), ('blocks_hit', d.blks_hit::float8, ''),"
	" ('deadlocks', d.deadlocks::float8, ''), ('conflicts', d.conflicts::float8, ''),"
	" ('temp_bytes', d.temp_bytes::float8, 'bytes')) v(name, value, unit)"
	" where d.datname = current_database() and ($1::text is null or true)"
	" and ($2::text is null or v.name = $2::text)";

const char pg_sql_activity[] =
	"select s.pid::int8 as session, s.usename::text as \"user\", s.datname::text as database,"
	" s.application_name as application, s.client_addr::text as client, s.state,"
	" s.backend_start as connected_at, s.xact_start as txn_at, s.query_start as query_at,"
	" s.wait_event_type as wait_type, s.wait_event as wait,"
	" pg_catalog.pg_blocking_pids(s.pid)::int8[] as blocked_by, s.query as text"
	" from pg_catalog.pg_stat_activity s where s.backend_type = 'client backend'"
	" and s.datname = current_database() and ($1::text is null or true)"
	" and ($2::text is null or true) order by s.pid";
