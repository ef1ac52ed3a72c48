/*
 * catalog_key.c: keys, indexes, foreign keys and checks.
 */
#include "catalog.h"

/* SQL stands in lines of its own here. */
/* clang-format off */

#define COLUMNS_OF(array) \
	"(select pg_catalog.string_agg('_' || x.attname, '' order by k.pos)" \
	" from pg_catalog.unnest(" array ") with ordinality k(num, pos)" \
	" join pg_catalog.pg_attribute x on x.attrelid = con.conrelid and x.attnum = k.num)"

#define OF_TABLE \
	" join pg_catalog.pg_class c on c.oid = con.conrelid" \
	" join pg_catalog.pg_namespace n on n.oid = c.relnamespace "

/* The parts are those of the index behind the key: it has the included ones, too. */
const char pg_sql_keys[] =
	"select n.nspname::text as schema, c.relname::text as \"table\", con.oid::int8 as id,"
	" con.conname::text as name, con.contype::text as kind, k.pos::int8 as pos,"
	" a.attname::text as \"column\", ic.relname::text as \"index\","
	" " DEFERRABLE("con") " as deferrable, %s as nulls_distinct,"
	" case con.contype when 'p' then " AUTO_NAME("''", "pkey")
	" when 'u' then " AUTO_NAME(COLUMNS_OF("i.indkey::int2[]"), "key")
	" else " AUTO_NAME(COLUMNS_OF("con.conkey"), "excl")
	" end as auto_name,"
	" k.pos > i.indnkeyatts as included,"
	" k.pos <= i.indnkeyatts and (i.indoption[k.pos - 1] & 1) = 1 as descending,"
	" null::text as collation, null::text as on_conflict,"
	" case con.contype when 'x' then pg_catalog.pg_get_constraintdef(con.oid) end as text"
	" from pg_catalog.pg_constraint con" OF_TABLE
	" join pg_catalog.pg_index i on i.indexrelid = con.conindid"
	" join pg_catalog.pg_class ic on ic.oid = i.indexrelid"
	" cross join lateral pg_catalog.generate_series(1, i.indnatts) k(pos)"
	" left join pg_catalog.pg_attribute a on a.attrelid = c.oid"
	"  and a.attnum = i.indkey[k.pos - 1] and a.attnum > 0"
	" where con.contype in ('p', 'u', 'x') and" WANTED("c.relname")
	" order by n.nspname, c.relname, con.oid, k.pos";

const char pg_sql_indexes[] =
	"select n.nspname::text as schema, c.relname::text as \"table\","
	" ic.relname::text as name, ic.oid::int8 as id, i.indisunique as \"unique\","
	" i.indisprimary as \"primary\", m.amname::text as method, k.pos::int8 as pos,"
	" a.attname::text as \"column\","
	" case when i.indkey[k.pos - 1] = 0"
	"  then pg_catalog.pg_get_indexdef(i.indexrelid, k.pos, false) end as expression,"
	" k.pos <= i.indnkeyatts and (i.indoption[k.pos - 1] & 1) = 1 as descending,"
	" k.pos <= i.indnkeyatts and (i.indoption[k.pos - 1] & 2) = 2 as nulls_first,"
	" k.pos > i.indnkeyatts as included, %s as nulls_distinct,"
	" pg_catalog.pg_get_expr(i.indpred, i.indrelid) as predicate,"
	" i.indisvalid as valid,"
	" case when i.indisprimary then 'p' when exists (select from pg_catalog.pg_constraint x"
	"  where x.conindid = i.indexrelid and x.contype in ('p', 'u', 'x')) then 'u' else 'c'"
	"  end as origin,"
	" case when k.pos <= i.indnkeyatts and i.indcollation[k.pos - 1] <> 0 and"
	"  i.indcollation[k.pos - 1] <> coalesce(a.attcollation, 100) then (select x.collname::text"
	"  from pg_catalog.pg_collation x where x.oid = i.indcollation[k.pos - 1]) end"
	"  as collation,"
	" case when k.pos <= i.indnkeyatts then (select o.opcname::text"
	"  from pg_catalog.pg_opclass o where o.oid = i.indclass[k.pos - 1]"
	"  and not o.opcdefault) end as opclass,"
	" null::int8 as prefix_length, pg_catalog.array_to_string(ic.reloptions, ', ') as options,"
	" pg_catalog.pg_get_indexdef(i.indexrelid) as text"
	" from pg_catalog.pg_index i join pg_catalog.pg_class ic on ic.oid = i.indexrelid"
	" join pg_catalog.pg_am m on m.oid = ic.relam"
	" join pg_catalog.pg_class c on c.oid = i.indrelid"
	" join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
	" cross join lateral pg_catalog.generate_series(1, i.indnatts) k(pos)"
	" left join pg_catalog.pg_attribute a on a.attrelid = c.oid"
	"  and a.attnum = i.indkey[k.pos - 1] and a.attnum > 0"
	" where" WANTED("c.relname")
	NOT_OF_EXTENSION(
	"pg_class", "c.oid") " order by n.nspname, c.relname, ic.oid, k.pos";

const char pg_sql_foreign_keys[] =
	"select n.nspname::text as schema, c.relname::text as \"table\", con.oid::int8 as id,"
	" con.conname::text as name, k.pos::int8 as pos, a.attname::text as \"column\","
	" rn.nspname::text as ref_schema, rc.relname::text as ref_table,"
	" ra.attname::text as ref_column, " ACTION("confupdtype") " as on_update,"
	" " ACTION("confdeltype") " as on_delete,"
	" case con.confmatchtype when 'f' then 'full' when 'p' then 'partial' else 'simple' end"
	"  as match,"
	" " DEFERRABLE("con") " as deferrable, con.convalidated as validated,"
	" " AUTO_NAME(COLUMNS_OF("con.conkey"), "fkey") " as auto_name"
	" from pg_catalog.pg_constraint con" OF_TABLE
	" join pg_catalog.pg_class rc on rc.oid = con.confrelid"
	" join pg_catalog.pg_namespace rn on rn.oid = rc.relnamespace"
	" cross join lateral rows from (pg_catalog.unnest(con.conkey),"
	"  pg_catalog.unnest(con.confkey))"
	"  with ordinality k(num, ref, pos)"
	" join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.num"
	" join pg_catalog.pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = k.ref"
	" where con.contype = 'f' and con.conparentid = 0 and" WANTED("c.relname")
	" order by n.nspname, c.relname, con.oid, k.pos";

const char pg_sql_checks[] =
	"select n.nspname::text as schema, c.relname::text as \"table\","
	" con.conname::text as name,"
	" pg_catalog.pg_get_expr(con.conbin, con.conrelid) as expression,"
	" case when pg_catalog.cardinality(con.conkey) = 1 then (select x.attname::text"
	"  from pg_catalog.pg_attribute x where x.attrelid = c.oid and x.attnum = con.conkey[1])"
	"  end as \"column\", con.convalidated as validated,"
	" " AUTO_NAME(
	"''", "check")
	" or pg_catalog.cardinality(con.conkey) = 1 and"
	" " AUTO_NAME(COLUMNS_OF("con.conkey"), "check") " as auto_name"
	" from pg_catalog.pg_constraint con" OF_TABLE
	" where con.contype = 'c' and con.coninhcount = 0 and" WANTED("c.relname")
	NOT_OF_EXTENSION(
	"pg_class", "c.oid") " order by n.nspname, c.relname, con.conname";
