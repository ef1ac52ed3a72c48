/*
 * live.h: for tests against the databases of TUSK_TEST_URLS.
 */
#ifndef TUSK_TESTS_LIVE_H
#define TUSK_TESTS_LIVE_H

#include "open.h"

/* A query that ends by itself only after many minutes. */
#define ENDLESS \
	"with recursive n(x) as (select 1 union all select x + 1 from n where " \
	"x < 2000000000) select count(*) from n"

/* The i-th database, with an empty table
   item(id bigint primary key, name varchar(40) not null unique, n bigint check (n >= 0)),
   and with setting = value besides what the URL says, unless setting is NULL. */
tusk_db *live(int i);
tusk_db *live_with(int i, const char *setting, const char *value);
/* Drops the table and closes. */
void live_end(tusk_db *db);
/* Another connection to the same database. */
tusk_db *live_again(tusk_db *db);
/* One text, as an independent client sees it: the program of the database (sqlite3,
   psql) where there is one, else a connection of its own. Static memory. */
const char *outside(tusk_db *db, const char *sql);
/* How many rows item has for others. */
int items(tusk_db *db);
/* n rows with ids from first and names "item<id>". */
void add_items(tusk_db *db, int first, int n);
bool can(tusk_db *db, uint32_t cap);

#endif
