#include "schema/ddl.h"

/* Where foreign keys cannot be dropped first, they are suspended for the script. */
void tusk__ddl_drop_tables(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_TABLE_DROP) {
		tusk__ddl_sql(d, change, "drop table %s",
		              tusk__ddl_table(d, change->table));
		if (!tusk__ddl_can(d, TUSK_DDL_DROP_CONSTRAINT))
			d->script->v.rebuild = true;
	}
}

static void add_table(tusk__ddl *d, const tusk_change *change)
{
	const tusk_schema_table *table = change->table;

	if (table->kind == 'V' && table->text.sql)
		tusk__ddl_sql(d, change, "%s", table->text.sql);
	else if (table->kind != 't')
		tusk__ddl_unsupported(d, change);
	else
		tusk__ddl_sql(d, change, "create table %s %s",
		              tusk__ddl_table(d, table),
		              tusk__ddl_body(d, table,
		                             !tusk__ddl_can(d,
		                                            TUSK_DDL_ADD_FOREIGN_KEY)));
}

/* Foreign keys come when every table is there, so neither order nor circles matter. */
void tusk__ddl_add_tables(tusk__ddl *d)
{
	tusk_each (d, change, TUSK_CHANGE_TABLE_ADD)
		add_table(d, change);
}
