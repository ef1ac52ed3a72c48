#include <base/fail.h>
#include <string.h>

#include "pool/pool.h"

enum {
	NS_PER_MS = 1000000
};

/* What was asked for in the call, else in the settings, else the default. */
static int64_t pick(int64_t asked, const tusk_settings *settings, const char *key,
                    int64_t def)
{
	return asked ? asked : tusk__setting_int(settings, key, def);
}

/* A time that can be absent: none is 0 in settings and below 0 in the call. */
static int64_t span(int64_t asked, const tusk_settings *settings, const char *key,
                    int64_t def)
{
	int64_t ms = pick(asked, settings, key, def);

	if (ms <= 0)
		return 0;
	return ms > INT64_MAX / NS_PER_MS ? INT64_MAX : ms * NS_PER_MS;
}

/* A time that there must be. */
static int64_t bound(int64_t asked, const tusk_settings *settings, const char *key,
                     int64_t def)
{
	int64_t ms = pick(asked, settings, key, def);

	return ms > 0 ? ms : def;
}

static int check_count(const char *what, int64_t n, int64_t least, tusk_error *err)
{
	if (n >= least && n <= TUSK__POOL_MAX)
		return 0;
	return tusk__fail(err, TUSK_E_OPTION, "%s is %lld, wanted %lld to %d", what,
	                  (long long)n, (long long)least, TUSK__POOL_MAX);
}

static int read_counts(const tusk_settings *settings, const tusk_pool_options *o,
                       tusk__limits *out, tusk_error *err)
{
	int64_t min = pick(o->min, settings, "pool_min", 0);
	int64_t max = pick(o->max, settings, "pool_max", 10);
	int st = check_count("pool_min", min, 0, err);

	if (st == 0)
		st = check_count("pool_max", max, 1, err);
	if (st == 0 && min > max)
		st = tusk__fail(err, TUSK_E_OPTION,
		                "pool_min is %lld, pool_max only %lld", (long long)min,
		                (long long)max);
	if (st < 0)
		return st;
	out->min = (uint32_t)min;
	out->max = (uint32_t)max;
	return 0;
}

int tusk__pool_limits(const tusk_settings *settings, const tusk_pool_options *o,
                      tusk__limits *out, tusk_error *err)
{
	static const tusk_pool_options none;
	const char *reset = tusk_settings_get(settings, "pool_reset");
	int64_t connect_ms;

	if (!o)
		o = &none;
	if (o->reset > TUSK_POOL_RESET_SEEN)
		return tusk__fail(err, TUSK_E_OPTION, "there is no way of reset %u",
		                  o->reset);
	connect_ms = tusk__setting_int(settings, "connect_timeout", TUSK__CONNECT_MS);
	if (connect_ms <= 0)
		connect_ms = TUSK__CONNECT_MS;
	out->acquire_ns =
		span(o->acquire_timeout_ms, settings, "pool_acquire_timeout", 5000);
	out->idle_ns = span(o->idle_timeout_ms, settings, "pool_idle_timeout", 600000);
	out->lifetime_ns =
		span(o->max_lifetime_ms, settings, "pool_max_lifetime", 1800000);
	out->validate_ns =
		span(o->validate_after_ms, settings, "pool_validate_after", 1000);
	out->leak_ns = span(o->leak_after_ms, settings, "pool_leak_after", 0);
	out->open_ms =
		bound(o->open_timeout_ms, settings, "pool_open_timeout", connect_ms);
	out->reset_ms =
		bound(o->reset_timeout_ms, settings, "pool_reset_timeout", 1000);
	out->warm_ms = pick(o->warm_ms, settings, "pool_warm", 0);
	out->reset_seen = o->reset == TUSK_POOL_RESET_SEEN ||
	                  (reset && strcmp(reset, "seen") == 0);
	return read_counts(settings, o, out, err);
}
