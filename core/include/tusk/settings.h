/*
 * <tusk/settings.h>: key/value settings of one database, each with its origin.
 *
 * conf makes them from an INI section, a program from a URL or by hand. Keys are lower
 * case. The library's own keys are driver, url, the standard ones of the manual (host,
 * port, user, password, database, ..., timeout, connect_timeout, read_only), the search
 * of drivers (driver_path, user_drivers, driver_trust) and pool_*; the rest are the
 * driver's declared options.
 */
#ifndef TUSK_SETTINGS_H
#define TUSK_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <tusk/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_settings tusk_settings;

/*
 * Doc blocks: to come.
 */
int tusk_settings_new(tusk_settings **out, tusk_error *err);
void tusk_settings_free(tusk_settings *settings);
int tusk_settings_copy(const tusk_settings *settings, tusk_settings **out, tusk_error *err);
/* value NULL removes; a key set twice keeps the later value; origin e.g. "tusk.ini:12", "TUSK_URL", "--url" */
int tusk_settings_set(tusk_settings *settings, const char *key, const char *value, const char *origin, tusk_error *err);
const char *tusk_settings_get(const tusk_settings *settings, const char *key);
const char *tusk_settings_origin(const tusk_settings *settings, const char *key);
uint32_t tusk_settings_count(const tusk_settings *settings);
typedef struct tusk_settings_entry {
	const char *key, *value, *origin;
	bool secret;
} tusk_settings_entry;
/* i < count; in the order they were first set; borrowed until the next set */
int tusk_settings_at(const tusk_settings *settings, uint32_t i, tusk_settings_entry *out);
int tusk_settings_mark_secret(tusk_settings *settings, const char *key);
/* Splits the URL into keys (driver, host, ..., options); finds the driver by scheme (notes
   only), asks the driver for a path option. Position in err is the byte in url. */
int tusk_settings_parse_url(tusk_settings *settings, const char *url, const char *origin, tusk_error *err);
/* Loads the driver, checks every key against its declared options and the library's own
   (unknown: TUSK_E_OPTION with the nearest name; bad value: names key, origin), fills in
   declared defaults (origin "default"), normalizes BOOL to 0/1 and DURATION to ms. */
int tusk_settings_resolve(tusk_settings *settings, tusk_error *err);
/* The URL without password, for people; writes at most size bytes with NUL. */
int tusk_settings_url(const tusk_settings *settings, char *buf, size_t size);

#ifdef __cplusplus
}
#endif

#endif
