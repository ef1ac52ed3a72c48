/*
 * report.h: what a run says: its data, its warnings, how it ended. As text on the two
 * outputs, or as the one object of --json and then nothing on standard error.
 */
#ifndef TUSK_CLI_REPORT_H
#define TUSK_CLI_REPORT_H

#include "cli.h"

/* The writer of "data", standing where its value begins; NULL without --json. */
tusk__json *report_data(cli *c);
/* The same for what is too large to be kept: the object begins on the output at once,
   and "ok" and "exit" come last. */
tusk__json *report_stream(cli *c);

/* One line for people; nothing with --json or -q. */
void report_say(cli *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A warning, kept for --json. */
void report_warn(cli *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_warnv(cli *c, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* The end: the rest of the object, or the error in words. err NULL: it went well. */
void report_end(cli *c, const tusk_error *err);
void report_clear(cli *c);

/*
 * A list: for --json "data" is {"NAME": [{"COLUMN": cell ...} ...]}, for people rows
 * in the format asked for. Columns have name and type.
 */
int report_list(cli *c, const char *name, const tusk_column *columns, uint32_t n,
                tusk_error *err);
/* Only the rows, where the caller of report_data() opened an array for them. */
int report_rows(cli *c, const tusk_column *columns, uint32_t n, tusk_error *err);
int report_row(cli *c, const tusk_value *cells, tusk_error *err);
int report_list_end(cli *c, tusk_error *err);
#define REPORT_COLUMN(is, of_type) \
	{ \
		.name = (is), .native_type = "", .type = (of_type) \
	}

/* A cell for them: NULL where there is nothing to say, be it "". */
tusk_value report_known(const char *text);

#endif
