#include "commands.h"

#define FORMATS    "table|box|csv|tsv|json|jsonl|markdown|vertical|insert|none"
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define OPTIONS(a) a, COUNT(a)
#define MANY       UINT8_MAX

/* clang-format off */
static const opt_option globals[] = {
	{ OPT_CONFIG, KIND_PATH, 0, "config", "FILE", NULL, "read this configuration file and no other" },
	{ OPT_DB, KIND_TEXT, 0, "db", "NAME", NULL, "use the section [db.NAME] of the configuration" },
	{ OPT_URL, KIND_TEXT, 0, "url", "URL", NULL, "use the database at this URL" },
	{ OPT_ADAPTER, KIND_TEXT, 0, "adapter", "DRIVER", NULL, "use the section of this driver, or its file ./tusk.db" },
	{ OPT_FORMAT, KIND_CHOICE, 0, "format", "FORMAT", FORMATS, "how rows are written; table where nothing is said" },
	{ OPT_JSON, KIND_FLAG, 0, "json", NULL, NULL, "write one JSON object, whether it went well or not" },
	{ OPT_QUIET, KIND_FLAG, 'q', "quiet", NULL, NULL, "write nothing but what was asked for" },
	{ OPT_VERBOSE, KIND_FLAG, 'v', "verbose", NULL, NULL, "show each statement that runs, on standard error" },
	{ OPT_TIMEOUT, KIND_DURATION, 0, "timeout", "TIME", NULL, "deadline of connecting and of each statement, such as 500ms; 0 is none" },
	{ OPT_READ_ONLY, KIND_FLAG, 0, "read-only", NULL, NULL, "let the database refuse every change" },
	{ OPT_YES, KIND_FLAG, 0, "yes", NULL, NULL, "confirm; a destructive command needs --expect-db too" },
	{ OPT_EXPECT_DB, KIND_TEXT, 0, "expect-db", "NAME", NULL, "go on only if the database has this name" },
	{ OPT_PRODUCTION, KIND_FLAG, 0, "allow-production", NULL, NULL, "allow destructive commands where production = yes" },
	{ OPT_PASSWORD_FD, KIND_NUMBER, 0, "password-fd", "N", NULL, "read the password from this file descriptor" },
	{ OPT_COLOR, KIND_CHOICE, 0, "color", "WHEN", "auto|always|never", "colours; auto is only on a terminal without NO_COLOR" },
	{ OPT_HELP, KIND_FLAG, 'h', "help", NULL, NULL, "show what the command does and takes" },
	{ OPT_VERSION, KIND_FLAG, 0, "version", NULL, NULL, "show the version" },
};

static const opt_option init_options[] = {
	{ OPT_DRIVER, KIND_TEXT, 0, "driver", "DRIVER", NULL, "the database to write the file for; otherwise that of --url" },
};
static const opt_option status_options[] = {
	{ OPT_WATCH, KIND_FLAG, 'w', "watch", NULL, NULL, "show it again and again, until Ctrl-C" },
	{ OPT_INTERVAL, KIND_DURATION, 0, "interval", "TIME", NULL, "time between two rounds of --watch; 2s where nothing is said" },
};
static const opt_option create_options[] = {
	{ OPT_IF_NOT_EXISTS, KIND_FLAG, 0, "if-not-exists", NULL, NULL, "be content if it is there" },
	{ OPT_OWNER, KIND_TEXT, 0, "owner", "ROLE", NULL, "the role that owns it" },
	{ OPT_ENCODING, KIND_TEXT, 0, "encoding", "NAME", NULL, "its character encoding" },
	{ OPT_COLLATION, KIND_TEXT, 0, "collation", "NAME", NULL, "its collation" },
	{ OPT_TEMPLATE, KIND_TEXT, 0, "template", "NAME", NULL, "the database to copy" },
};
static const opt_option drop_options[] = {
	{ OPT_IF_EXISTS, KIND_FLAG, 0, "if-exists", NULL, NULL, "be content if it is not there" },
	{ OPT_FORCE, KIND_FLAG, 0, "force", NULL, NULL, "end the sessions that still use it" },
	{ OPT_NO_BACKUP, KIND_FLAG, 0, "no-backup", NULL, NULL, "take no backup first" },
};
static const opt_option query_options[] = {
	{ OPT_FILE, KIND_PATH, 'f', "file", "FILE", NULL, "run the statements of a file; - is standard input" },
	{ OPT_PARAM, KIND_LIST, 'p', "param", "VALUE", NULL, "value of the next parameter, as text that the database reads" },
	{ OPT_PARAMS, KIND_TEXT, 0, "params", "JSON", NULL, "all parameters as a JSON array, which gives them types" },
	{ OPT_TRANSACTION, KIND_FLAG, 0, "transaction", NULL, NULL, "run a script in one transaction: all of it or nothing" },
	{ OPT_OUTPUT, KIND_PATH, 'o', "output", "FILE", NULL, "write to a file, whole or not at all" },
	{ OPT_TABLE, KIND_TEXT, 0, "table", "NAME", NULL, "the table that --format insert writes for" },
};
static const opt_option schema_options[] = {
	{ OPT_SCHEMA, KIND_TEXT, 0, "schema", "NAME", NULL, "this schema instead of the connection's own" },
	{ OPT_ALL_SCHEMAS, KIND_FLAG, 0, "all-schemas", NULL, NULL, "every schema but the system's" },
	{ OPT_OUTPUT, KIND_PATH, 'o', "output", "FILE", NULL, "write to a file, whole or not at all" },
};
static const opt_option seed_options[] = {
	{ OPT_TABLE, KIND_TEXT, 0, "table", "NAME", NULL, "the table; otherwise the name of the file says it" },
	{ OPT_SCHEMA, KIND_TEXT, 0, "schema", "NAME", NULL, "the schema of the table" },
	{ OPT_UPSERT, KIND_FLAG, 0, "upsert", NULL, NULL, "change the rows whose key is there" },
	{ OPT_SKIP_EXISTING, KIND_FLAG, 0, "skip-existing", NULL, NULL, "leave the rows whose key is there" },
};
static const opt_option backup_options[] = {
	{ OPT_COMPACT, KIND_FLAG, 0, "compact", NULL, NULL, "leave out free space" },
	{ OPT_OVERWRITE, KIND_FLAG, 0, "overwrite", NULL, NULL, "replace the file if it is there" },
};
static const opt_option restore_options[] = {
	{ OPT_REPLACE, KIND_FLAG, 0, "replace", NULL, NULL, "replace a database that is not empty; asks first" },
};
static const opt_option verify_options[] = {
	{ OPT_LEVEL, KIND_CHOICE, 0, "level", "LEVEL", "quick|full", "how deep to look; full where nothing is said" },
};
static const opt_option install_options[] = {
	{ OPT_USER, KIND_FLAG, 0, "user", NULL, NULL, "into your own folder of drivers instead of the installed one" },
	{ OPT_FORCE, KIND_FLAG, 0, "force", NULL, NULL, "over a driver of the same name" },
};
static const opt_option check_options[] = {
	{ OPT_GROUP, KIND_TEXT, 0, "group", "LETTERS", NULL, "only the checks of these groups, such as ABC" },
	{ OPT_AS, KIND_CHOICE, 0, "as", "FORM", "tap|junit", "write TAP or JUnit's XML instead of rows" },
};
static const opt_option help_options[] = {
	{ OPT_COMPLETIONS, KIND_CHOICE, 0, "completions", "SHELL", "bash|zsh|fish", "print the completions for a shell" },
};

static const opt_command commands[] = {
	{ "db", "VERB", "work with a database", NULL, 0, 0, 0, NULL },
	{ "db init", NULL, "write a first configuration file and the folder of migrations", OPTIONS(init_options), 0, 0, cmd_db_init },
	{ "db status", NULL, "show whether databases answer, and what they are", OPTIONS(status_options), 0, 0, cmd_db_status },
	{ "db wait", NULL, "wait until the database answers, for 60s unless --timeout says else", NULL, 0, 0, 0, cmd_db_wait },
	{ "db list", NULL, "list the databases of the configuration; opens none", NULL, 0, 0, 0, cmd_db_list },
	{ "db create", NULL, "create the database", OPTIONS(create_options), 0, 0, cmd_db_create },
	{ "db drop", NULL, "drop the database, after a backup", OPTIONS(drop_options), 0, 0, cmd_db_drop },
	{ "db query", "[SQL]", "run a statement or a script and print the rows", OPTIONS(query_options), 0, 1, cmd_db_query },
	{ "db schema", NULL, "print the tables, views and indexes as DDL", OPTIONS(schema_options), 0, 0, cmd_db_schema },
	{ "db seed", "[PATH ...]", "fill tables from CSV, TSV, JSON lines or SQL: all or nothing", OPTIONS(seed_options), 0, MANY, cmd_db_seed },
	{ "db backup", "[FILE]", "write a backup: one snapshot, whole or not at all", OPTIONS(backup_options), 0, 1, cmd_db_backup },
	{ "db restore", "FILE", "make the database from a backup", OPTIONS(restore_options), 1, 1, cmd_db_restore },
	{ "db verify", "[FILE]", "check the database, or a backup, for damage", OPTIONS(verify_options), 0, 1, cmd_db_verify },
	{ "driver", "VERB", "look after the drivers", NULL, 0, 0, 0, NULL },
	{ "driver list", NULL, "list the drivers that are found, and why others are refused", NULL, 0, 0, 0, cmd_driver_list },
	{ "driver info", "DRIVER", "show what a driver can do and the settings that it takes", NULL, 0, 1, 1, cmd_driver_info },
	{ "driver which", "DRIVER", "show the file that would be loaded", NULL, 0, 1, 1, cmd_driver_which },
	{ "driver check", "FILE.so", "prove a driver: the checks of its contract, each in a process of its own", OPTIONS(check_options), 1, 1, cmd_driver_check },
	{ "driver install", "FILE.so", "put the file of a driver where drivers are found", OPTIONS(install_options), 1, 1, cmd_driver_install },
	{ "driver new", "NAME", "make a folder with a driver to begin with", NULL, 0, 1, 1, cmd_driver_new },
	{ "driver remove", "DRIVER", "remove the file of a driver", NULL, 0, 1, 1, cmd_driver_remove },
	{ "config", NULL, "print every setting and where it comes from", NULL, 0, 0, 0, cmd_config },
	{ "version", NULL, "print the version", NULL, 0, 0, 0, cmd_version },
	{ "help", "[COMMAND]", "show help for a command", OPTIONS(help_options), 0, 3, cmd_help },
};
/* clang-format on */

const opt_table tsk_table = { commands, COUNT(commands), globals, COUNT(globals) };
