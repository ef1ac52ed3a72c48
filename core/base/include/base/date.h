/*
 * base/date.h: the forms in which dates and times are written.
 */
#ifndef TUSK_BASE_DATE_H
#define TUSK_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TUSK__DAY_US   INT64_C(86400000000)
#define TUSK__DATE_MAX 40 /* bytes that any of the forms takes, with the NUL */

/*
 * A literal "YYYY-MM-DD", then 'T' or a space, "HH:MM:SS", a point and 1 to 6 digits if
 * there is a fraction, and Z or an offset (+HH, +HHMM, +HH:MM) if it has a zone: 0, DATA
 * (another form) or RANGE (no such day or time). *us is UTC where *zoned.
 */
int tusk__moment_parse(const char *s, size_t len, int64_t *us, bool *zoned);

/* How a moment is written. */
enum {
	TUSK__MOMENT_SPACE = 1,    /* a space between day and time, else 'T' */
	TUSK__MOMENT_FRACTION = 2, /* six digits even where they are all 0 */
	TUSK__MOMENT_ZONE = 4,     /* Z at the end */
};
size_t tusk__moment_print(int64_t us, unsigned how, char *buf, size_t size);
/* HH:MM:SS.ffffff, the fraction only where it is not 0 or always is set. */
size_t tusk__clock_print(int64_t us, bool always, char *buf, size_t size);

#endif
