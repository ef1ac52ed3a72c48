/*
 * <tusk/conf.h>: settings from INI files, the environment and options, each with its
 * origin. Opens no database.
 *
 * Files, from strong to weak: the one named by --config or TUSK_CONFIG, else ./tusk.ini;
 * $XDG_CONFIG_HOME/tusk/tusk.ini (~/.config); tusk/tusk.ini in the system's folder. Each
 * belongs to root or to you and is written by no other; one that holds a password is
 * read by no other either. Sections merge key by key; [db.NAME] is taken whole from the
 * strongest file that has it. Options win over the environment, that over files, those
 * over defaults. In the environment the database is said by TUSK_URL, else TUSK_DB, else
 * DATABASE_URL; there are TUSK_TIMEOUT and TUSK_FORMAT too. An empty variable counts as
 * none.
 *
 * What can run code (driver_path, user_drivers, driver_trust, password_command, hooks, a
 * driver named by its path) is refused in a ./tusk.ini that was merely found, and a
 * password_file must then lie in its folder.
 *
 * In values ${NAME} and ${NAME:-default} are variables of the environment; "$${" is a
 * plain "${". A file that iniparser would not read exactly as it is written is refused
 * with file:line:column.
 */
#ifndef TUSK_CONF_H
#define TUSK_CONF_H

#include <tusk/error.h>
#include <tusk/settings.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_conf tusk_conf;

/* Zero is the default. */
typedef struct tusk_conf_options {
	const char *file; /* --config: then it must be there */
	bool no_files;    /* environment and flags only */
	uint64_t reserved[4];
} tusk_conf_options;

/* Which database is meant: at most one is set. */
typedef struct tusk_conf_choice {
	const char *db;  /* --db NAME: [db.NAME] */
	const char *url; /* --url URL */
	const char
		*adapter; /* --adapter DRIVER: the usual section if its driver is that
	                        one, else the only section of that driver, else, for a
	                        driver of files, ./tusk.db */
	bool no_password; /* for looking, not for opening: password_file is not read,
	                     password_command not run; the password is "" */
	uint64_t reserved[4];
} tusk_conf_choice;

/* One setting as people may see it; texts are borrowed until the conf changes. */
typedef struct tusk_conf_entry {
	const char *section, *key;
	const char *value;  /* "********" for a secret, "***" for that in a URL */
	const char *origin; /* "tusk.ini:12", "TUSK_URL", "--url", "default" */
	bool secret;
} tusk_conf_entry;

/*
 * Read what there is: files, environment, defaults. No driver is loaded, no database
 * section looked into.
 *
 * o       NULL: the usual places
 * out     set only on success
 * own     caller; tusk_conf_free()
 * err     TUSK_E_OPTION: a fault in a file (file:line:column) or variable, or a named
 *         file is not there; TUSK_E_REFUSED: the file's kind, owner or mode, or it sets
 *         what it may not; TUSK_E_IO, TUSK_E_NOMEM; may be NULL
 * thread  any; one object belongs to one thread at a time
 * since   0.1
 */
int tusk_conf_load(const tusk_conf_options *o, tusk_conf **out, tusk_error *err);

/*
 * Wipes the secrets and frees.
 *
 * conf    NULL is nothing
 * thread  any
 * since   0.1
 */
void tusk_conf_free(tusk_conf *conf);

/*
 * Set what wins over all else.
 *
 * conf     changed
 * section  "tusk" or "", "pool", "db.main" ...
 * key      which
 * value    copied
 * origin   "--format"
 * err      TUSK_E_OPTION: no value of that key; TUSK_E_NOMEM; may be NULL
 * thread   any
 * since    0.1
 */
int tusk_conf_override(tusk_conf *conf, const char *section, const char *key,
                       const char *value, const char *origin, tusk_error *err);

/*
 * One value of a section that is no database.
 *
 * conf     asked
 * section  "tusk" or "", "pool", "backup" ...
 * key      which
 * own      borrowed until the conf changes
 * return   expanded; NULL: nothing is set. Defaults show in tusk_conf_at() alone
 * thread   any
 * since    0.1
 */
const char *tusk_conf_get(const tusk_conf *conf, const char *section, const char *key);

/*
 * One duration: 250ms, 30s, 5m, 12h, 1d, or 0.
 *
 * conf     asked
 * section  as of tusk_conf_get()
 * key      which
 * ms       set only if there is one
 * err      TUSK_E_OPTION, which names where it is set; may be NULL
 * return   1 set, 0 absent
 * thread   any
 * since    0.1
 */
int tusk_conf_duration(const tusk_conf *conf, const char *section, const char *key,
                       int64_t *ms, tusk_error *err);

/*
 * One truth: yes, no, true, false, on, off.
 *
 * conf     asked
 * section  as of tusk_conf_get()
 * key      which
 * out      set only if there is one
 * err      TUSK_E_OPTION, which names where it is set; may be NULL
 * return   1 set, 0 absent
 * thread   any
 * since    0.1
 */
int tusk_conf_bool(const tusk_conf *conf, const char *section, const char *key,
                   bool *out, tusk_error *err);

/*
 * The settings of the database that is meant, ready for tusk_settings_resolve(): those of
 * its section or URL, with passwords fetched from password_file or password_command, the
 * search of drivers, timeout and connect_timeout of [tusk], and [pool] as pool_*. Without
 * a choice: TUSK_URL, TUSK_DB, DATABASE_URL, [tusk] database, or the only section.
 *
 * conf    asked
 * choice  NULL: none
 * out     set only on success
 * name    the section's, "" for a URL or path; set only on success
 * own     caller; tusk_settings_free()
 * err     TUSK_E_OPTION: no such database, none named, several to choose from, a variable
 *         that is not set, a password that cannot be had; TUSK_E_USAGE: two choices;
 *         TUSK_E_REFUSED: the owner or mode of a password_file, or a found file sets what
 *         it may not; TUSK_E_TIMEOUT: of password_command, 60 s; those of
 *         tusk_settings_parse_url(); may be NULL
 * thread  any
 * since   0.1
 */
int tusk_conf_database(const tusk_conf *conf, const tusk_conf_choice *choice,
                       tusk_settings **out, char name[64], tusk_error *err);

/*
 * How many [db.NAME] there are.
 *
 * conf    asked
 * thread  any
 * since   0.1
 */
uint32_t tusk_conf_databases(const tusk_conf *conf);

/*
 * The NAME of one of them, in the order of the files.
 *
 * conf    asked
 * i       from 0
 * own     borrowed until the conf changes
 * return  NULL beyond the last
 * thread  any
 * since   0.1
 */
const char *tusk_conf_database_name(const tusk_conf *conf, uint32_t i);

/*
 * What says where drivers are looked for: driver_path, user_drivers, driver_trust.
 *
 * conf    asked
 * out     set only on success
 * own     caller; tusk_settings_free()
 * err     TUSK_E_NOMEM; may be NULL
 * thread  any
 * since   0.1
 */
int tusk_conf_search(const tusk_conf *conf, tusk_settings **out, tusk_error *err);

/*
 * How many settings there are, defaults included.
 *
 * conf    asked
 * thread  any
 * since   0.1
 */
uint32_t tusk_conf_count(const tusk_conf *conf);

/*
 * One setting that counts, with where it comes from. Values of databases are shown as
 * they were written, since they are expanded on use.
 *
 * conf    asked
 * i       from 0, below the count
 * out     its texts are borrowed until the conf changes
 * return  0, or TUSK_E_NOT_FOUND beyond the last
 * thread  any
 * since   0.1
 */
int tusk_conf_at(const tusk_conf *conf, uint32_t i, tusk_conf_entry *out);

/*
 * How many warnings there were while loading: unknown keys and sections.
 *
 * conf    asked
 * thread  any
 * since   0.1
 */
uint32_t tusk_conf_warnings(const tusk_conf *conf);

/*
 * One warning: "tusk.ini:3: [pool] has no key 'maxx'; is 'max' meant?"
 *
 * conf    asked
 * i       from 0
 * own     borrowed until the conf is freed
 * return  NULL beyond the last
 * thread  any
 * since   0.1
 */
const char *tusk_conf_warning(const tusk_conf *conf, uint32_t i);

/*
 * Write a first file with comments, whole or not at all.
 *
 * path    of the file; must not be there
 * driver  whose database it is to name; NULL: that of the URL, or the one of files. Its
 *         options are listed as comments
 * url     of the database, without a password; NULL: ./tusk.db, or what the driver asks
 *         for, to be filled in
 * err     TUSK_E_EXISTS; TUSK_E_REFUSED: the URL holds a password; TUSK_E_OPTION: it
 *         cannot be read, or written into an INI file; TUSK_E_NOT_FOUND: no driver
 *         answers to it; TUSK_E_IO, TUSK_E_NO_SPACE; those of
 *         tusk_driver_load_info(); may be NULL
 * thread  any
 * since   0.1
 */
int tusk_conf_init(const char *path, const char *driver, const char *url,
                   tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
