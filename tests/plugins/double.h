/*
 * double.h: a small driver that is right in every way, to be spoilt in one.
 *
 * A test driver defines DOUBLE_NAME, includes this, and defines spoil(), which may change
 * the table before it is handed over. Every hook is there, and does nothing. Code that
 * runs at load leaves the variable TUSK_TEST_RAN in the environment, so that a test can
 * say whether a refused file was run.
 */
#ifndef TUSK_TESTS_DOUBLE_H
#define TUSK_TESTS_DOUBLE_H

#include <tusk/driver.h>

#include <stdlib.h>

#ifndef DOUBLE_SCHEMES
#define DOUBLE_SCHEMES DOUBLE_NAME
#endif
#ifndef DOUBLE_FLAGS
#define DOUBLE_FLAGS 0
#endif

#ifndef DOUBLE_NO_NOTE
TUSK_DRIVER_NOTE(DOUBLE_NAME, "1", "MIT", DOUBLE_SCHEMES, 0, DOUBLE_FLAGS);
#endif

__attribute__((constructor)) static void ran(void)
{
	setenv("TUSK_TEST_RAN", DOUBLE_NAME, 1);
}

static void spoil(tusk_driver *table);

static int d_open(const tusk_call *call, const tusk_open *open, tusk_driver_conn **out,
                  tusk_error *err)
{
	(void)call;
	(void)open;
	(void)out;
	return tusk_error_set(err, TUSK_E_CONNECT, DOUBLE_NAME " opens nothing");
}

static void d_close(const tusk_call *call, tusk_driver_conn *conn)
{
	(void)call;
	(void)conn;
}

static uint32_t d_state(tusk_driver_conn *conn)
{
	(void)conn;
	return TUSK_ST_OK;
}

static int d_server(const tusk_call *call, tusk_driver_conn *conn, tusk_server *out,
                    tusk_error *err)
{
	(void)call;
	(void)conn;
	(void)out;
	(void)err;
	return 0;
}

static int d_exec(const tusk_call *call, tusk_driver_conn *conn,
                  const tusk_statement *st, const tusk_input *in, tusk_outcome *outcome,
                  tusk_driver_cursor **cursor, tusk_error *err)
{
	(void)call;
	(void)conn;
	(void)st;
	(void)in;
	(void)outcome;
	(void)cursor;
	(void)err;
	return 0;
}

static int d_columns(tusk_driver_cursor *cursor, const tusk_column **cols, uint32_t *n,
                     uint32_t *stride)
{
	(void)cursor;
	(void)cols;
	(void)n;
	(void)stride;
	return 0;
}

static int d_fetch(const tusk_call *call, tusk_driver_cursor *cursor, tusk_value *cells,
                   uint32_t ncols, uint32_t max_rows, uint32_t *got, tusk_error *err)
{
	(void)call;
	(void)cursor;
	(void)cells;
	(void)ncols;
	(void)max_rows;
	(void)err;
	*got = 0;
	return TUSK_END;
}

static int d_cursor_close(const tusk_call *call, tusk_driver_cursor *cursor,
                          tusk_outcome *outcome, tusk_error *err)
{
	(void)call;
	(void)cursor;
	(void)outcome;
	(void)err;
	return 0;
}

static tusk_driver_option d_options[] = {
	{ sizeof(tusk_driver_option), TUSK_OPT_TEXT, TUSK_OPT_PATH, "path", NULL, NULL,
	  "" },
};

static tusk_driver d_table = {
	.struct_size = sizeof(tusk_driver),
	.abi_major = TUSK_ABI_MAJOR,
	.abi_minor = TUSK_ABI_MINOR,
	.name = DOUBLE_NAME,
	.version = "1",
	.threads = 2,
	.noptions = 1,
	.option_stride = sizeof(tusk_driver_option),
	.options = d_options,
	.langs = TUSK_LANG_SQL,
	.open = d_open,
	.close = d_close,
	.state = d_state,
	.server = d_server,
	.exec = d_exec,
	.columns = d_columns,
	.fetch = d_fetch,
	.cursor_close = d_cursor_close,
};

#ifndef DOUBLE_NO_ENTRY
int tusk_driver_v1(const tusk_host *host, const tusk_driver **out)
{
	(void)host;
	spoil(&d_table);
	*out = &d_table;
	return 0;
}
#endif

#endif
