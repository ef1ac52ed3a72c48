#include <base/clock.h>
#include <time.h>

static int64_t read_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t tusk__now_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

int64_t tusk__now_coarse_ns(void)
{
	return read_ns(CLOCK_MONOTONIC_COARSE);
}

int64_t tusk__deadline(int64_t ms)
{
	int64_t now = tusk__now_ns();

	if (ms <= 0)
		return 0;
	return ms > (INT64_MAX - now) / 1000000 ? INT64_MAX : now + ms * 1000000;
}
