/*
 * base/text.h: UTF-8, names, and strict readings of numbers, sizes and durations.
 */
#ifndef TUSK_BASE_TEXT_H
#define TUSK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the one character at s: 1 to 4, or 0 if it is none (Unicode 15, table 3-7). */
size_t tusk__utf8_next(const char *s, size_t len, uint32_t *codepoint);
/* Where the first byte that is not UTF-8 stands; len = all good. */
size_t tusk__utf8_check(const char *s, size_t len);
/* The longest prefix of at most max bytes that cuts no character. */
size_t tusk__utf8_cut(const char *s, size_t len, size_t max);
/* Columns on a terminal: 0 for combining and control, 2 for wide, else 1. */
int tusk__utf8_width(uint32_t codepoint);

/* ASCII only, whatever the locale. */
char tusk__lower(char c);
bool tusk__is_digit(char c);
bool tusk__is_alpha(char c);
bool tusk__is_space(char c);
int tusk__casecmp(const char *a, const char *b);
bool tusk__case_eq(const char *a, size_t alen, const char *b); /* b a C string */

/* The nearest of n names (edit distance at most a third of the length, at least 1), or NULL. */
const char *tusk__nearest(const char *word, const char *const *names, size_t n);

/* How many digits s begins with. */
size_t tusk__count_digits(const char *s, size_t len);
/* Whether the whole text is a decimal as it is printed: a minus perhaps, digits without a
   zero too many in front, a point and digits perhaps. fraction: how many those are. */
bool tusk__is_decimal(const char *s, size_t len, size_t *fraction);
/* The whole text is the number or it is false; out untouched then. */
bool tusk__read_int(const char *s, size_t len, int64_t *out);
bool tusk__read_uint(const char *s, size_t len, uint64_t *out);
bool tusk__read_double(const char *s, size_t len,
                       double *out); /* '.' whatever the locale; no nan, inf, hex */
bool tusk__read_bool(const char *s, size_t len,
                     bool *out); /* yes no true false on off */
bool tusk__read_duration(const char *s, size_t len,
                         int64_t *ms); /* ms s m h d; plain 0 */
bool tusk__read_size(const char *s, size_t len,
                     int64_t *bytes); /* plain, KiB MiB GiB */
/* Shortest decimal form that reads back as v; "1.0", "1e+300", "Infinity", "NaN"; at most 32 bytes. */
size_t tusk__print_double(double v, char *buf, size_t size);
size_t tusk__print_int(int64_t v, char *buf, size_t size);
size_t tusk__print_uint(uint64_t v, char *buf, size_t size);
/* text as snprintf would: cut to size with a NUL behind it; gives len. */
size_t tusk__print_text(const char *text, size_t len, char *buf, size_t size);
size_t tusk__print_float(float v, char *buf, size_t size); /* the same for a single */
/* Control characters, and those that turn the direction of reading or end a line. */
bool tusk__is_hidden(uint32_t codepoint);
/* For people: hidden characters and bytes that are not UTF-8 as \x1b. As snprintf, but cut
   between characters. */
size_t tusk__escape(const char *s, size_t len, char *buf, size_t size);

#endif
