/*
 * cli.h: one run of the program: what was asked for, where output goes, how it ends.
 */
#ifndef TUSK_CLI_CLI_H
#define TUSK_CLI_CLI_H

#include <tusk/conf.h>
#include <tusk/db.h>

#include "interrupt.h"
#include "opt.h"
#include "out.h"
#include "sink.h"

/* The statement that runs, for -v. */
typedef struct watched {
	uint64_t call;
	char text[1024];
} watched;

typedef struct cli {
	opt_line line;
	sink sink;            /* standard output, or the file of -o */
	tusk__json json;      /* of the envelope, or of --format json and jsonl */
	tusk__json file_json; /* of the file of -o, with --json */
	out_stream out;       /* rows, in the format asked for */
	interrupt interrupt;
	tusk_conf *conf; /* once it was needed */
	int exit; /* what the command wants to be its exit code; -1 = by the error */
	int log_level; /* of notices that are shown: [log] level */
	bool envelope; /* --json */
	bool quiet, verbose;
	bool endless; /* Ctrl-C is how it is meant to end */
	watched watched;
	bool colour; /* of what goes to standard error */

	tusk__bytes data; /* of the envelope, until it is known how it went */
	bool has_data, streams;
	pthread_t thread; /* of main */
	pthread_mutex_t warnings_lock;
	char **warnings;
	size_t nwarnings, warnings_cap;

	const char *sql; /* what the positions of errors count in, or NULL */
	size_t sql_len;
	const char *file;   /* that it comes from, or NULL */
	tusk__bytes script; /* a whole script, where sql is one that was read */
} cli;

/* The writer of rows, once the configuration is known: --format, else what it or
   TUSK_FORMAT says, else usual. */
int cli_format(cli *c, const char *usual, tusk_error *err);
/* Runs a whole command line; gives the exit code. */
int cli_main(int argc, char **argv);

#endif
