#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_table(tusk_db *db)
{
	run_sql(db, "drop table if exists item");
	run_sql(db,
	        "create table item(id bigint primary key, name varchar(40) not null "
	        "unique, n bigint check (n >= 0))");
}

tusk_db *live(int i)
{
	tusk_db *db = open_url(i);

	ck_assert_ptr_nonnull(db);
	make_table(db);
	return db;
}

static tusk_db *opened(tusk_settings *s)
{
	tusk_db *db = NULL;
	tusk_error err;

	assert_ok(tusk_db_open_settings(s, &db, &err), &err);
	tusk_settings_free(s);
	return db;
}

tusk_db *live_again(tusk_db *db)
{
	tusk_settings *s = NULL;
	tusk_error err;

	assert_ok(tusk_settings_copy(tusk_db_settings(db), &s, &err), &err);
	return opened(s);
}

tusk_db *live_with(int i, const char *setting, const char *value)
{
	tusk_db *plain = live(i);
	tusk_settings *s = NULL;
	tusk_error err;

	assert_ok(tusk_settings_copy(tusk_db_settings(plain), &s, &err), &err);
	assert_ok(tusk_settings_set(s, setting, value, "test", &err), &err);
	tusk_db_close(plain);
	return opened(s);
}

void live_end(tusk_db *db)
{
	run_sql(db, "drop table if exists item");
	tusk_db_close(db);
}

const char *outside(tusk_db *db, const char *sql)
{
	static char text[4096];
	const char *said = client_says(sql);
	tusk_db *other;

	if (said)
		return said;
	other = live_again(db);
	snprintf(text, sizeof(text), "%s", text_of(other, sql));
	tusk_db_close(other);
	return text;
}

int items(tusk_db *db)
{
	return atoi(outside(db, "select count(*) from item"));
}

void add_items(tusk_db *db, int first, int n)
{
	tusk_error err;
	char name[40];

	for (int id = first; id < first + n; id++) {
		snprintf(name, sizeof(name), "item%d", id);
		assert_ok(tusk_db_exec(db, "insert into item values ($1, $2, $3)",
		                       TUSK_ARGS(id, name, id), NULL, &err),
		          &err);
	}
}

bool can(tusk_db *db, uint32_t cap)
{
	return tusk_db_server(db)->caps >> cap & 1;
}
