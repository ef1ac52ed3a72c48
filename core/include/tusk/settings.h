/*
 * <tusk/settings.h>: key/value settings of one database, each with its origin.
 *
 * conf makes them from an INI section, a program from a URL or by hand. Keys are lower
 * case. The library's own keys are driver, url, name, timeout, connect_timeout,
 * production, the search of drivers (driver_path, user_drivers, driver_trust) and
 * pool_*; the rest are the driver's declared options, among them those with one meaning
 * in every driver (host, port, user, password, database, read_only ...).
 *
 * No error quotes a value that is a secret, nor any part of a URL that cannot be read.
 */
#ifndef TUSK_SETTINGS_H
#define TUSK_SETTINGS_H

#include <tusk/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tusk_settings tusk_settings;

/* One setting; texts are borrowed until the next change of the settings. */
typedef struct tusk_settings_entry {
	const char *key, *value, *origin;
	bool secret; /* not to be shown */
} tusk_settings_entry;

/*
 * Settings without any entry.
 *
 * out     set only on success
 * own     caller; tusk_settings_free()
 * err     TUSK_E_NOMEM; may be NULL
 * thread  any; one object belongs to one thread at a time
 * since   0.1
 */
int tusk_settings_new(tusk_settings **out, tusk_error *err);

/*
 * Wipes the values and frees.
 *
 * settings  NULL is nothing
 * thread    any
 * since     0.1
 */
void tusk_settings_free(tusk_settings *settings);

/*
 * The same again, with origins, marks and all.
 *
 * settings  to be copied
 * out       set only on success
 * own       caller; tusk_settings_free()
 * err       TUSK_E_NOMEM; may be NULL
 * thread    any
 * since     0.1
 */
int tusk_settings_copy(const tusk_settings *settings, tusk_settings **out,
                       tusk_error *err);

/*
 * Set, replace or remove one setting. The value is only checked when it is used. A url
 * is split then too, and gives way to keys that are set.
 *
 * settings  unchanged on failure
 * key       [a-z][a-z0-9_.-]*, at most 63 bytes
 * value     copied; at most 64 KiB; NULL removes the key
 * origin    where it comes from, for messages: "tusk.ini:12", "TUSK_URL", "--url"; NULL
 *           is ""
 * err       TUSK_E_OPTION: no proper key, too long, too many; TUSK_E_NOMEM; may be NULL
 * thread    any
 * since     0.1
 */
int tusk_settings_set(tusk_settings *settings, const char *key, const char *value,
                      const char *origin, tusk_error *err);

/*
 * The value of a key.
 *
 * settings  asked
 * key       which
 * own       borrowed until the next change of the settings
 * return    NULL: not set
 * thread    any
 * since     0.1
 */
const char *tusk_settings_get(const tusk_settings *settings, const char *key);

/*
 * Where the value of a key comes from.
 *
 * settings  asked
 * key       which
 * own       borrowed until the next change of the settings
 * return    NULL: not set
 * thread    any
 * since     0.1
 */
const char *tusk_settings_origin(const tusk_settings *settings, const char *key);

/*
 * How many are set.
 *
 * settings  asked
 * thread    any
 * since     0.1
 */
uint32_t tusk_settings_count(const tusk_settings *settings);

/*
 * One of them, in the order in which they were first set.
 *
 * settings  asked
 * i         from 0, below the count
 * out       its texts are borrowed until the next change of the settings
 * return    0, or TUSK_E_NOT_FOUND beyond the last
 * thread    any
 * since     0.1
 */
int tusk_settings_at(const tusk_settings *settings, uint32_t i,
                     tusk_settings_entry *out);

/*
 * Say that a value must not be shown. Keys that end in password, passphrase, passwd,
 * secret or token are marked by themselves, as are a URL with a password and what the
 * driver declares as secret.
 *
 * settings  changed
 * key       which; the mark goes with it when its value is replaced
 * return    0, or TUSK_E_NOT_FOUND
 * thread    any
 * since     0.1
 */
int tusk_settings_mark_secret(tusk_settings *settings, const char *key);

/*
 * Split a URL (RFC 3986, percent-decoded) into settings, replacing those that are there:
 * driver, and host, port, user, password and database, or the path of a driver of files
 * (sqlite:app.db, sqlite:///srv/app.db); what stands behind '?' are keys. Several hosts
 * make host = a,b and port = 1,2. A text without a scheme is a path as it stands, for
 * the driver that answers to "file"; one that looks like a login (u:p@host) or a
 * connection string (password=p) is refused unless it begins with '/', "./" or "../".
 * The driver is found by its scheme and loaded, not connected.
 *
 * settings  say where drivers are looked for, and get the parts; unchanged on failure
 * url       UTF-8
 * origin    of every part; as of tusk_settings_set()
 * err       TUSK_E_OPTION: no proper URL (position is the byte), or the settings name
 *           another driver; TUSK_E_NOT_FOUND: no driver answers to the scheme;
 *           TUSK_E_USAGE: two do; those of tusk_driver_load_info(); may be NULL
 * thread    any
 * since     0.1
 */
int tusk_settings_parse_url(tusk_settings *settings, const char *url,
                            const char *origin, tusk_error *err);

/*
 * Load the driver and check every setting: a key that neither it nor the library knows is
 * an error that names the nearest one. Values are checked and put into the form that
 * drivers get (booleans 0 and 1, durations in milliseconds), declared defaults are
 * filled in with the origin "default". A second time it does nothing.
 *
 * settings  driver or url is set; unchanged on failure
 * err       TUSK_E_OPTION: an unknown key, a bad value, a missing one; TUSK_E_UNAVAILABLE
 *           with the reason: the driver is a stub, or its file is refused;
 *           TUSK_E_NOT_FOUND and others of tusk_settings_parse_url(); may be NULL
 * thread    any
 * since     0.1
 */
int tusk_settings_resolve(tusk_settings *settings, tusk_error *err);

/*
 * The URL for people, secrets as "***", and so options behind the ? whose driver is not
 * known yet (tusk_settings_resolve()). All behind the scheme is "***" where the URL
 * cannot be read, or, its driver not known, may hold a password in an unusual place.
 * Made of the parts where no URL was given.
 *
 * settings  asked
 * buf       gets as much as fits, with a NUL; may be NULL if size is 0
 * size      of buf
 * return    bytes of the whole without NUL, or TUSK_E_NOMEM
 * thread    any
 * since     0.1
 */
int tusk_settings_url(const tusk_settings *settings, char *buf, size_t size);

#ifdef __cplusplus
}
#endif

#endif
