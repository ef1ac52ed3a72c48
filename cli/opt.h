/*
 * opt.h: one table of commands and options, and the command line read by it.
 *
 * The same table makes --help, the JSON help, the completions of the shells and the
 * synopsis and options of the manual pages, so none of them can say something else.
 */
#ifndef TUSK_CLI_OPT_H
#define TUSK_CLI_OPT_H

#include <tusk/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;

/* Every option of every command has a number; the table says what it is. */
enum {
	OPT_CONFIG,
	OPT_DB,
	OPT_URL,
	OPT_ADAPTER,
	OPT_FORMAT,
	OPT_JSON,
	OPT_QUIET,
	OPT_VERBOSE,
	OPT_TIMEOUT,
	OPT_READ_ONLY,
	OPT_YES,
	OPT_EXPECT_DB,
	OPT_PRODUCTION,
	OPT_PASSWORD_FD,
	OPT_COLOR,
	OPT_HELP,
	OPT_VERSION,
	OPT_DRIVER,
	OPT_WATCH,
	OPT_INTERVAL,
	OPT_IF_NOT_EXISTS,
	OPT_OWNER,
	OPT_ENCODING,
	OPT_COLLATION,
	OPT_TEMPLATE,
	OPT_FORCE,
	OPT_IF_EXISTS,
	OPT_NO_BACKUP,
	OPT_FILE,
	OPT_PARAM,
	OPT_PARAMS,
	OPT_OUTPUT,
	OPT_TRANSACTION,
	OPT_TABLE,
	OPT_SCHEMA,
	OPT_ALL_SCHEMAS,
	OPT_UPSERT,
	OPT_SKIP_EXISTING,
	OPT_COMPACT,
	OPT_OVERWRITE,
	OPT_REPLACE,
	OPT_LEVEL,
	OPT_COMPLETIONS,
	OPT_AS,
	OPT_GROUP,
	OPT_USER,
	OPT_COUNT,
};

/* What stands behind an option; it is checked when the line is read. */
enum {
	KIND_FLAG,     /* nothing */
	KIND_TEXT,     /* any text */
	KIND_PATH,     /* a file: shells complete it */
	KIND_NUMBER,   /* a whole number, 0 or more */
	KIND_DURATION, /* 500ms, 30s; plain 0 */
	KIND_CHOICE,   /* one of choices */
	KIND_LIST,     /* a text; may be given again, all count */
};

typedef struct opt_option {
	uint8_t id; /* OPT_CONFIG ... */
	uint8_t kind;
	char letter;         /* 0 = none */
	const char *name;    /* without the dashes */
	const char *value;   /* how help calls the value; NULL for a flag */
	const char *choices; /* "a|b|c", or NULL */
	const char *help;    /* one sentence without its full stop */
} opt_option;

/* One command: up to three words. Without run it is a group of others. */
typedef struct opt_command {
	const char *words;    /* "db query" */
	const char *operands; /* "[FILE]", or NULL: takes none */
	const char *brief;    /* one sentence without its full stop */
	const opt_option *options;
	uint8_t noptions;
	uint8_t min, max; /* operands; max UINT8_MAX = any number */
	int (*run)(struct cli *cli, tusk_error *err);
} opt_command;

typedef struct opt_table {
	const opt_command *commands;
	uint32_t ncommands;
	const opt_option *globals;
	uint32_t nglobals;
} opt_table;

/* The table of this program. */
extern const opt_table tsk_table;

/* What was read. Texts are the caller's argv. */
typedef struct opt_line {
	const opt_command
		*command; /* a group where no verb follows; NULL: no word at all */
	const char *texts[OPT_COUNT]; /* of the last time it was given, or NULL */
	uint32_t counts[OPT_COUNT];   /* how often it was given */
	const char **operands;
	uint32_t noperands;
	const char **list; /* the values of the KIND_LIST option */
	uint32_t nlist;
} opt_line;

/*
 * Read a command line: options of the program before and after the words of the
 * command, options of the command after them, operands, "--" before operands that
 * look like options. TUSK_E_USAGE names the nearest right word; out then holds what
 * was read so far (is --json among it?). Always to be given to opt_clear().
 */
int opt_read(const opt_table *table, int argc, char **argv, opt_line *out,
             tusk_error *err);
void opt_clear(opt_line *line);

/* The command of these words, or NULL. */
const opt_command *opt_find(const opt_table *table, const char *words, size_t len);
bool opt_has(const opt_line *line, int id);
/* The duration behind an option that was given and read: checked then. */
int64_t opt_milliseconds(const opt_line *line, int id);
/* The next of "a|b|c": its length, 0 at the end; *at moves on. */
size_t opt_choice(const char **at, const char **choice);

#endif
