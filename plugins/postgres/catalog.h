/*
 * catalog.h: the questions that introspect() asks, one statement each.
 *
 * $1 is the schema or NULL, $2 the table (or the object's own name) or NULL; where the
 * statement says so, $3 is the table of types that catalog.c writes. Every name is
 * qualified: a search_path of the user's finds nothing else.
 */
#ifndef PG_CATALOG_H
#define PG_CATALOG_H

/* Whether an object of schema n with this name is asked for. */
#define WANTED(name) \
	" (case when $1::text is null then n.nspname <> 'information_schema'" \
	" and n.nspname !~ '^pg_' else n.nspname = $1::text end)" \
	" and ($2::text is null or " name " = $2::text) "
/* Nor what belongs to an extension: it comes and goes with that. */
#define NOT_OF_EXTENSION(catalog, oid) \
	" and not exists (select from pg_catalog.pg_depend e where e.deptype = 'e'" \
	" and e.classid = 'pg_catalog." catalog \
	"'::pg_catalog.regclass and e.objid = " oid ") "

/* Whether the server gave a constraint its name: table, columns, label, perhaps a number;
   cut to 63 bytes where they are longer. */
#define AUTO_NAME(columns, label) \
	"(con.conname ~ ('_" label "[0-9]*$') and case" \
	" when pg_catalog.octet_length(c.relname || '_' || " columns " || '" label \
	"') < 60" \
	" then pg_catalog.regexp_replace(con.conname, '[0-9]*$', '')" \
	" = pg_catalog.regexp_replace(c.relname || " columns " || '_" label \
	"', '[0-9]*$', '')" \
	" else pg_catalog.starts_with(con.conname, pg_catalog.left(c.relname, 20)) end)"

#define DEFERRABLE(of) \
	"case when not " of ".condeferrable then 'no'" \
	" when " of ".condeferred then 'deferred' else 'immediate' end"

#define ACTION(column) \
	"case con." column " when 'r' then 'restrict' when 'c' then 'cascade'" \
	" when 'n' then 'set null' when 'd' then 'set default' else 'no action' end"

/* catalog_table.c */
extern const char pg_sql_namespaces[], pg_sql_tables[], pg_sql_views[];
extern const char pg_sql_columns_begin[],
	pg_sql_columns_end[]; /* types stand between */
extern const char pg_sql_dependencies[];
/* catalog_key.c; %s: whether NULLs are distinct, which servers before 15 do not say */
extern const char pg_sql_keys[], pg_sql_indexes[], pg_sql_foreign_keys[],
	pg_sql_checks[];
/* catalog_other.c */
extern const char pg_sql_sequences[], pg_sql_triggers[], pg_sql_routines[],
	pg_sql_types[], pg_sql_roles[], pg_sql_stats[], pg_sql_activity[];

#endif
