#include "progress.h"

#include <base/clock.h>
#include <base/fail.h>
#include <unistd.h>

#define PERIOD_NS 200000000

void progress_begin(progress *p, cli *c, const char *unit)
{
	bool quiet = c->envelope || c->quiet || !isatty(STDERR_FILENO);

	*p = (progress){ .c = c, .unit = unit };
	p->next_ns = quiet ? INT64_MAX : tusk__now_ns() + PERIOD_NS;
}

static void draw(progress *p, int64_t done, int64_t total)
{
	char line[96];

	if (total > 0)
		tusk__putf(line, sizeof(line), "\r%3d%% of %lld %s ",
		           (int)((double)done / (double)total * 100), (long long)total,
		           p->unit);
	else
		tusk__putf(line, sizeof(line), "\r%lld %s ", (long long)done, p->unit);
	/* A line of comfort: where it cannot be shown nothing is lost. */
	(void)!write(STDERR_FILENO, line, strlen(line));
	p->shown = true;
}

int progress_step(void *user, int64_t done, int64_t total)
{
	progress *p = user;

	if (interrupted(&p->c->interrupt))
		return TUSK_E_CANCELLED;
	if (p->next_ns != INT64_MAX && tusk__now_ns() >= p->next_ns) {
		draw(p, done, total);
		p->next_ns = tusk__now_ns() + PERIOD_NS;
	}
	return 0;
}

void progress_end(progress *p)
{
	if (p->shown)
		(void)!write(STDERR_FILENO, "\r\x1b[K", 4);
	p->shown = false;
}
