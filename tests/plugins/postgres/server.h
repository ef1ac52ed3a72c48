/*
 * server.h: the throwaway server that these tests talk to, by the driver and by psql.
 */
#ifndef TUSK_TESTS_POSTGRES_SERVER_H
#define TUSK_TESTS_POSTGRES_SERVER_H

#include "kit.h"

/* A suite whose tests have a server. Where its programs are not installed the suite is
   empty: nothing is run, and that is said. */
Suite *server_suite(const char *name, void (*add)(TCase *tc));

const char *server_url(void);    /* of a database of this program's own */
const char *server_socket(void); /* the folder of its socket */
const char *server_database(void);

/* Connected, with further settings as pairs; must succeed. */
tusk_driver_conn *server_conn(void);
/* The code, kit_err. */
#define server_try(conn, ...) \
	kit_try_open(conn, "host", server_socket(), "user", "tsk", __VA_ARGS__, NULL)

/* psql on the database. */
#define psql(sql)              kit_psql(server_url(), sql)
#define assert_psql(sql, want) ck_assert_str_eq(psql(sql), want)

/* The rows of a prepared statement, so in binary form where the driver reads it. */
const char *server_rows(tusk_driver_conn *conn, const char *sql,
                        const tusk_value *cells, size_t n);
/* The session's number at the server. */
int server_session(tusk_driver_conn *conn);

#endif
