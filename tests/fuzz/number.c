/*
 * Texts to numbers, dates, times and ids, and back: what was understood prints as a text
 * that means the same.
 */
#include <tusk/types.h>

#include <base/date.h>
#include <base/text.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

static void check_decimal(const char *s, size_t len)
{
	tusk_decimal d, again, sum;
	char buf[128];
	size_t n;

	if (tusk_decimal_parse(s, len, &d) < 0)
		return;
	n = tusk_decimal_print(&d, buf, sizeof(buf));
	FUZZ_HOLDS(n < sizeof(buf) && strlen(buf) == n);
	FUZZ_HOLDS(tusk_decimal_parse(buf, n, &again) == 0);
	FUZZ_HOLDS(tusk_decimal_compare(&d, &again) == 0);
	if (tusk_decimal_add(&d, &d, &sum) == 0)
		FUZZ_HOLDS(tusk_decimal_compare(&sum, &d) ==
		           tusk_decimal_compare(&d, &(tusk_decimal){ 0 }));
}

static void check_date(const char *s, size_t len)
{
	tusk_date d, again;
	tusk_parts parts;
	char buf[TUSK__DATE_MAX];
	size_t n;

	if (tusk_date_parse(s, len, &d) < 0)
		return;
	n = tusk_date_print(d, buf, sizeof(buf));
	FUZZ_HOLDS(n < sizeof(buf) && tusk_date_parse(buf, n, &again) == 0);
	FUZZ_HOLDS(!memcmp(&d, &again, sizeof(d)));
	tusk_date_parts(d, &parts);
	FUZZ_HOLDS(tusk_date_of_parts(&parts, &again) == 0);
	FUZZ_HOLDS(!memcmp(&d, &again, sizeof(d)));
}

static void check_time(const char *s, size_t len)
{
	tusk_time t, again;
	char buf[TUSK__DATE_MAX];
	size_t n;

	if (tusk_time_parse(s, len, &t) < 0)
		return;
	n = tusk_time_print(t, buf, sizeof(buf));
	FUZZ_HOLDS(n < sizeof(buf) && tusk_time_parse(buf, n, &again) == 0);
	FUZZ_HOLDS(!memcmp(&t, &again, sizeof(t)));
}

static void check_timestamp(const char *s, size_t len)
{
	tusk_timestamp t, again;
	tusk_parts parts;
	char buf[TUSK__DATE_MAX];
	size_t n;

	if (tusk_timestamp_parse(s, len, &t) < 0)
		return;
	n = tusk_timestamp_print(t, buf, sizeof(buf));
	FUZZ_HOLDS(n < sizeof(buf) && tusk_timestamp_parse(buf, n, &again) == 0);
	FUZZ_HOLDS(!memcmp(&t, &again, sizeof(t)));
	tusk_timestamp_parts(t, &parts);
	FUZZ_HOLDS(tusk_timestamp_of_parts(&parts, &again) == 0);
	FUZZ_HOLDS(!memcmp(&t, &again, sizeof(t)));
}

static void check_moment(const char *s, size_t len)
{
	int64_t us, again;
	char buf[TUSK__DATE_MAX];
	bool zoned, still;
	size_t n;

	if (tusk__moment_parse(s, len, &us, &zoned) < 0)
		return;
	n = tusk__moment_print(us, zoned ? TUSK__MOMENT_ZONE : TUSK__MOMENT_SPACE, buf,
	                       sizeof(buf));
	FUZZ_HOLDS(n < sizeof(buf) && tusk__moment_parse(buf, n, &again, &still) == 0);
	FUZZ_HOLDS(us == again && zoned == still);
}

static void check_uuid(const char *s, size_t len)
{
	tusk_uuid u, again;
	char buf[64];
	size_t n;

	if (tusk_uuid_parse(s, len, &u) < 0)
		return;
	n = tusk_uuid_print(&u, buf, sizeof(buf));
	FUZZ_HOLDS(n == 36 && tusk_uuid_parse(buf, n, &again) == 0);
	FUZZ_HOLDS(!memcmp(&u, &again, sizeof(u)));
}

static void check_plain(const char *s, size_t len)
{
	double d, again;
	int64_t i, same;
	uint64_t u;
	bool b;
	char buf[40];
	size_t n;

	if (tusk__read_double(s, len, &d)) {
		n = tusk__print_double(d, buf, sizeof(buf));
		FUZZ_HOLDS(n < sizeof(buf));
		if (isfinite(d))
			FUZZ_HOLDS(tusk__read_double(buf, n, &again) && d == again);
	}
	if (tusk__read_int(s, len, &i)) {
		n = tusk__print_int(i, buf, sizeof(buf));
		FUZZ_HOLDS(tusk__read_int(buf, n, &same) && i == same);
	}
	tusk__read_uint(s, len, &u);
	tusk__read_bool(s, len, &b);
	if (tusk__read_duration(s, len, &i))
		FUZZ_HOLDS(i >= 0);
	if (tusk__read_size(s, len, &i))
		FUZZ_HOLDS(i >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;

	check_decimal(s, size);
	check_date(s, size);
	check_time(s, size);
	check_timestamp(s, size);
	check_moment(s, size);
	check_uuid(s, size);
	check_plain(s, size);
	return 0;
}
