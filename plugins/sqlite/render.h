/*
 * render.h: what the files of render() share: reading arguments, writing text.
 */
#ifndef LITE_RENDER_H
#define LITE_RENDER_H

#include "ddl_text.h"
#include "sqlite.h"

/* Arguments in, text out. The first failure stays, and all that follows does nothing. */
typedef struct lite_render_call {
	tusk_driver_conn *conn; /* may be NULL */
	const tusk_value *args;
	uint32_t nargs;
	char *buf;
	size_t room, n; /* n: bytes needed so far */
	int st;
	tusk_error *err;
} lite_render_call;

void lite_render_fail(lite_render_call *r, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- arguments: absent and NULL are the same; a wrong type is USAGE --------------- */

bool lite_arg_given(const lite_render_call *r, uint32_t i);
/* {NULL, 0} where it is absent. */
ddl_span lite_arg_text(lite_render_call *r, uint32_t i);
/* The same, but it must be there. */
ddl_span lite_arg_need(lite_render_call *r, uint32_t i, const char *what);
int64_t lite_arg_int(lite_render_call *r, uint32_t i, int64_t otherwise);
/* Its members and how many; NULL and 0 where it is absent. */
const tusk_value *lite_arg_list(lite_render_call *r, uint32_t i, uint32_t *n);
/* A member of a list, or any cell, as text. */
ddl_span lite_cell_text(lite_render_call *r, const tusk_value *cell);

/* --- text ---------------------------------------------------------------------------- */

void lite_put(lite_render_call *r, const char *text);
void lite_put_span(lite_render_call *r, ddl_span text);
void lite_put_int(lite_render_call *r, int64_t number);
/* "name", quotes doubled. */
void lite_put_name(lite_render_call *r, ddl_span name);
/* 'text', quotes doubled. */
void lite_put_string(lite_render_call *r, ddl_span text);
/* "schema"."table", or "table" where there is no schema. */
void lite_put_table(lite_render_call *r, ddl_span schema, ddl_span table);
/* "a", "b" */
void lite_put_names(lite_render_call *r, const tusk_value *names, uint32_t n);

/* --- what is rendered ------------------------------------------------------------------ */

void lite_render_upsert(lite_render_call *r);  /* render_upsert.c */
void lite_render_rebuild(lite_render_call *r); /* render_rebuild.c */
void lite_render_json(lite_render_call *r);    /* render_value.c */
void lite_render_trunc(lite_render_call *r);

#endif
