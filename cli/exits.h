/* exits.h: the exit codes of tsk, one table for every command. */
#ifndef TUSK_CLI_EXITS_H
#define TUSK_CLI_EXITS_H

/* XX(name, code, meaning) */
#define EXITS(XX) \
	XX(DONE, 0, "done") \
	XX(SAID_NO, 1, "the database or the data said no") \
	XX(USAGE, 2, "usage: words, options, settings, configuration file") \
	XX(CONNECTION, 3, "no connection: unreachable, no such database, login, TLS") \
	XX(BUSY, 4, "locked, busy, or the deadline passed") \
	XX(DRIFT, 5, "what is there is not what was recorded") \
	XX(PERSON, 6, "a state that needs a person") \
	XX(REFUSED, 7, "refused: confirmation, target not empty, permissions, policy") \
	XX(PENDING, 8, "something is pending") \
	XX(VERIFY, 9, "verification failed") \
	XX(PART, 10, "done in part: some of several targets") \
	XX(FILE, 11, "a file or the output could not be read or written") \
	XX(DRIVER, 12, "no usable driver: absent, refused, stub") \
	XX(INTERRUPTED, 130, "interrupted") \
	XX(TERMINATED, 143, "terminated")

enum {
#define XX(name, code, meaning) EXIT_##name = (code),
	EXITS(XX)
#undef XX
};

/* The exit code of a TUSK_E_* code; 0 or a count is EXIT_DONE. */
int exit_of(int code);

#endif
