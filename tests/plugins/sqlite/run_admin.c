/*
 * run_admin.c: the SQLite driver's catalogue, texts and whole databases.
 */
#define SUITES(X) \
	X(ddl_text) X(catalog) X(render) X(whole) X(verify) X(backup) X(kill) X(nomem)
#include "run.h"
