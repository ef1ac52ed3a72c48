/*
 * driver/url.h: URLs by RFC 3986, split and decoded. Pure: knows no driver.
 *
 * No text of a URL is ever quoted in an error, since it may be part of a password that
 * was not written as it must be: an error says the byte.
 */
#ifndef TUSK_CORE_URL_H
#define TUSK_CORE_URL_H

#include <tusk/error.h>
#include <tusk/settings.h>

#include <base/bytes.h>
#include <stdbool.h>
#include <stddef.h>

/* Not yet decoded; p NULL = absent. */
typedef struct tusk__part {
	const char *p;
	size_t len;
} tusk__part;

typedef struct tusk__url {
	const char *text;
	tusk__part scheme;
	tusk__part rest;      /* all between scheme: and ? */
	tusk__part authority; /* behind //, up to the path */
	tusk__part user, password;
	tusk__part hosts; /* "a:1,[::1]:2" */
	tusk__part path;  /* "/db", or all of rest where there is no authority */
	tusk__part query; /* behind ? */
} tusk__url;

/* Whether text begins with a scheme and a colon; one letter and a colon are none. */
bool tusk__url_has_scheme(const char *text);
/* Splits, and checks every byte and every escape. OPTION with the position. */
int tusk__url_split(const char *text, tusk__url *out, tusk_error *err);
/* Adds what the part says; it came from tusk__url_split(). 0 or NOMEM. */
int tusk__url_decode(tusk__part part, tusk__bytes *out);
/* The next "key=value" of the query, decoded: 1, 0 at the end, OPTION, NOMEM. rest
   starts as url->query and moves on. */
int tusk__url_pair(const tusk__url *url, tusk__part *rest, tusk__bytes *key,
                   tusk__bytes *value, tusk_error *err);
/* The next "host:port" of the list, decoded, "" where absent: 1, 0, OPTION, NOMEM. */
int tusk__url_host(const tusk__url *url, tusk__part *rest, tusk__bytes *host,
                   tusk__bytes *port, tusk_error *err);
/* OPTION with the position of p in the text, and what is wrong there. */
int tusk__url_bad(const char *text, const char *p, tusk_error *err, const char *what);
/* Whether a text without a scheme looks like a login or a connection string rather than
   a path; what begins with '/', "./" or "../" is a path. */
bool tusk__url_lacks_scheme(const char *text);
/* For people: passwords are "***"; so is all behind the scheme of what is no URL, or may
   hold a password elsewhere and was not read by its driver. known: the settings it is
   one of, whose driver's secrets are, and options of no known driver; NULL: what bears
   the name of a secret alone. */
int tusk__url_mask(const char *text, const tusk_settings *known, tusk__bytes *out);
/* 1 or 0; TUSK_E_NOMEM: it could not be found out. */
int tusk__url_has_secret(const char *text);

#endif
