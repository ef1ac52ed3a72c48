/*
 * session.h: from the command line to the database that it means.
 */
#ifndef TUSK_CLI_SESSION_H
#define TUSK_CLI_SESSION_H

#include "cli.h"

/* How a command uses its database. */
enum {
	SESSION_CREATES = 1, /* it may make a file that is not there */
	SESSION_LONG =
		2, /* it is one long step: a deadline only where one is asked for */
};

typedef struct session {
	tusk_settings *settings; /* resolved: the driver is loaded, defaults are in */
	char name[64];           /* of its section, or "" */
	char target[256];        /* with SESSION_LONG: what --expect-db must say */
	const char *path;        /* the same, in full, where it is a file; else NULL */
	tusk_db *db;             /* once opened */
} session;

/* The configuration, loaded when first asked for; its warnings are reported. */
int session_conf(cli *c, tusk_error *err);
/* The database that the command line means, not opened yet. db: the name of a section
   instead of what --db, --url and --adapter say, or NULL. */
int session_find(cli *c, const char *db, unsigned flags, session *out, tusk_error *err);
/* The same for looking only: no password is fetched. The driver of a URL is loaded. */
int session_look(cli *c, const char *db, tusk_settings **out, tusk_error *err);
/* Whether the database is there, before anything is done with it: CONNECT, as opening it
   would say. target is known (SESSION_LONG). A driver that cannot tell is not asked. */
int session_there(const session *s, tusk_error *err);
/* Warns of a usual database that no section has. */
void session_check_usual(cli *c);
/* Warns of what every use of the section db would refuse. driver: its name, where that
   can be told; otherwise untouched. */
void session_check(cli *c, const char *db, char *driver, size_t size);
int session_open(cli *c, session *s, tusk_error *err);
/* The URL of a section for people; shown is what the configuration alone would show. */
void session_url(const cli *c, const char *section, const char *shown, char *buf,
                 size_t size);
/* session_find() and session_open() in one, for what most commands do. */
int session_begin(cli *c, session *out, tusk_error *err);
void session_end(cli *c, session *s);

/*
 * Leave to do something that cannot be undone. On a terminal the name of the target
 * must be typed; elsewhere --yes and --expect-db must be there; for production = yes
 * also --allow-production. TUSK_E_REFUSED says what is missing, TUSK_E_READ_ONLY that
 * the settings forbid it; nothing was done.
 */
int session_confirm(cli *c, const session *s, const char *verb, tusk_error *err);
/* The same for the file of a driver: its name, or --yes. */
int confirm_driver(cli *c, const char *name, tusk_error *err);

#endif
