/*
 * <tusk/conf.h>: settings from INI files, the environment and options, each with its
 * origin. Opens no database. Doc blocks: to come.
 */
#ifndef TUSK_CONF_H
#define TUSK_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include <tusk/error.h>
#include <tusk/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_conf tusk_conf;

/* Where to look; NULL members are asked of the environment and the folders of the user. */
typedef struct tusk_conf_options {
	const char *file;          /* --config; else TUSK_CONFIG, else ./tusk.ini, user's, system's */
	bool no_files;             /* environment and flags only */
	uint64_t reserved[4];
} tusk_conf_options;

int tusk_conf_load(const tusk_conf_options *o, tusk_conf **out, tusk_error *err);
void tusk_conf_free(tusk_conf *conf);
/* Flags win over all: origin "--format" etc. section "" is [tusk]. */
int tusk_conf_override(tusk_conf *conf, const char *section, const char *key, const char *value, const char *origin, tusk_error *err);
/* One value of [tusk], [log], [backup] ...: NULL = absent. "${ENV}" is expanded. */
const char *tusk_conf_get(const tusk_conf *conf, const char *section, const char *key);
/* Durations, sizes, booleans parsed strictly; OPTION names file:line. absent: out untouched, returns 0; there: 1 */
int tusk_conf_duration(const tusk_conf *conf, const char *section, const char *key, int64_t *ms, tusk_error *err);
int tusk_conf_bool(const tusk_conf *conf, const char *section, const char *key, bool *out, tusk_error *err);
typedef struct tusk_conf_choice {
	const char *db;            /* --db NAME */
	const char *url;           /* --url URL */
	const char *adapter;       /* --adapter DRIVER */
	uint64_t reserved[4];
} tusk_conf_choice;
/* The database that the command means, by cli.md: settings with driver, url parts, [pool] as pool_*,
   search of drivers; passwords from password_file, password_command fetched. name: section's name or "". */
int tusk_conf_database(const tusk_conf *conf, const tusk_conf_choice *choice, tusk_settings **out, char name[64], tusk_error *err);
uint32_t tusk_conf_databases(const tusk_conf *conf);
const char *tusk_conf_database_name(const tusk_conf *conf, uint32_t i);
/* Settings that matter for finding drivers (driver_path ...). own: caller. */
int tusk_conf_search(const tusk_conf *conf, tusk_settings **out, tusk_error *err);
/* Every setting with where it came from, secrets masked as "********". */
typedef struct tusk_conf_entry { const char *section, *key, *value, *origin; bool secret; } tusk_conf_entry;
uint32_t tusk_conf_count(const tusk_conf *conf);
int tusk_conf_at(const tusk_conf *conf, uint32_t i, tusk_conf_entry *out);
/* Warnings met while loading (unknown keys outside [db.*] ...). */
uint32_t tusk_conf_warnings(const tusk_conf *conf);
const char *tusk_conf_warning(const tusk_conf *conf, uint32_t i);
/* Writes a first tusk.ini for a driver; EXISTS if the file is there. */
int tusk_conf_init(const char *path, const char *driver, const char *url, tusk_error *err);

#ifdef __cplusplus
}
#endif

#endif
